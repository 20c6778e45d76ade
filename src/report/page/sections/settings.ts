import { counted } from "../../../core/format.ts";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import type { PageData } from "../page-data.ts";

/** What the server's settings are, against those that are declared. */
export function settingsSection({ settings, status }: PageData): Markup {
  const { declared, differences } = settings;
  const { pendingRestart } = status.server;
  const same = declared - differences.length;
  const restart =
    pendingRestart.length === 0
      ? "Nothing waits for a restart."
      : `These wait for a restart: ${pendingRestart.join(", ")}.`;
  return markup`<div id="settings-live" data-live>
<p>${counted(same, "setting is", "settings are")} as declared, of ${declared}. ${restart}</p>
${differences.length === 0 ? "" : table(differences)}
</div>`;
}

const table = (differences: PageData["settings"]["differences"]): Markup =>
  markup`<div class="scroll" role="region" aria-label="Settings that differ" tabindex="0"><table>
<caption>Settings that the server has otherwise</caption>
<thead><tr><th scope="col">Setting</th><th scope="col">Declared</th><th scope="col">The server has</th><th scope="col">Takes effect</th></tr></thead>
<tbody>
${differences.map(
  ({ name, declared, found, needsRestart }) =>
    markup`<tr><th scope="row">${name}</th><td>${declared}</td><td>${found ?? "not shown to the monitor"}</td><td>${needsRestart ? "at a restart" : "at a reload"}</td></tr>
`,
)}</tbody>
</table></div>`;
