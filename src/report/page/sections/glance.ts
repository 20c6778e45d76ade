import { count, counted, size } from "../../../core/format.ts";
import { statusWords } from "../../status-words.ts";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import type { PageData } from "../page-data.ts";

const figure = (value: string, label: string): Markup =>
  markup`<div class="figure"><dd>${value}</dd><dt>${label}</dt></div>`;

/** The fleet in four numbers, what needs attention, and all that `status` tells. */
export function glanceSection({ status, stack, takenAt }: PageData): Markup {
  const { server, fleet } = status;
  const words = statusWords(status, { stack, now: takenAt });
  const concerns = words.filter(({ attention }) => attention);
  const ordinary = server.maxConnections - server.reservedConnections;
  const facts = words.map(
    ({ name, text, attention }) =>
      markup`<div${attention ? markup` class="concern"` : ""}><dt>${name}</dt><dd>${text}</dd></div>`,
  );
  return markup`<div id="glance-live" data-live>
<dl class="figures">
${[
  figure(count(fleet.tenants), fleet.tenants === 1 ? "tenant" : "tenants"),
  figure(size(server.databaseBytes), `in database ${server.database}`),
  figure(`${count(server.connections.used)} of ${count(ordinary)}`, "connections used"),
  figure(count(concerns.length), concerns.length === 1 ? "needs attention" : "need attention"),
]}
</dl>
<p class="verdict">${
    concerns.length === 0
      ? "Nothing needs attention."
      : markup`<strong>${counted(concerns.length, "matter needs", "matters need")} attention:</strong> ${concerns.map(({ name }) => name).join(", ")}.`
  }</p>
<dl class="facts">
${facts}
</dl>
</div>`;
}
