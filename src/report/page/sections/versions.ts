import { count, period } from "../../../core/format.ts";
import { FINDINGS } from "../../../core/doctor/finding-table.ts";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import type { PageData } from "../page-data.ts";
import { barTable } from "../plots/bars.ts";

/** How far the tenants' migrations are, and what the doctor found when it looked last. */
export function versionsSection({ status, stack }: PageData): Markup {
  const { fleet, newestVersion } = status;
  const bars = fleet.versions.map(({ version, tenants }) => ({
    label: `migration ${version}`,
    parts: [tenants],
    text: count(tenants),
    attention: version < newestVersion,
  }));
  const failed = fleet.failed === 0 ? "" : ` A migration failed for ${count(fleet.failed)}.`;
  const examination = fleet.examinations.find((one) => one.stack === stack);
  return markup`<div id="versions-live" data-live>
<p>The newest migration is ${newestVersion}.${failed}</p>
${barTable({ caption: "Tenants by their last migration", bars })}
<h3>What the doctor found</h3>
${examination === undefined ? markup`<p>It was never asked: <code>npx tenantry doctor</code></p>` : findings(examination)}
</div>`;
}

function findings({
  seconds,
  findings: found,
}: PageData["status"]["fleet"]["examinations"][number]): Markup {
  const ago = `${period(seconds)} ago`;
  const codes = Object.entries(found);
  if (codes.length === 0) return markup`<p>Nothing to find, ${ago}.</p>`;
  const known: Readonly<Record<string, { title: string; remedy: string } | undefined>> = FINDINGS;
  const rows = codes.map(
    ([code, number]) =>
      markup`<tr><th scope="row">${code}</th><td class="number">${count(number)}</td><td>${known[code]?.title ?? "not known to this version"}</td><td>${withCode(known[code]?.remedy ?? "")}</td></tr>
`,
  );
  return markup`<div class="scroll" role="region" aria-label="Findings of the doctor" tabindex="0"><table class="wide">
<caption>Findings ${ago}, by their code; <code>npx tenantry doctor</code> names what they are about</caption>
<thead><tr><th scope="col">Code</th><th scope="col" class="number">Times</th><th scope="col">What</th><th scope="col">What to do</th></tr></thead>
<tbody>
${rows}</tbody>
</table></div>`;
}

/** The tables' Markdown, as far as it goes: links to other pages lead nowhere from here, and code is code. */
const withCode = (text: string): Markup[] =>
  text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .split("`")
    .map((part, index) => (index % 2 === 1 ? markup`<code>${part}</code>` : markup`${part}`));
