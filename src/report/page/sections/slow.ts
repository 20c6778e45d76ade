import { count, counted, milliseconds } from "../../../core/format.ts";
import type { StatementGroup } from "../../../core/monitor/group-statements.ts";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import { moment } from "../moment.ts";
import type { PageData } from "../page-data.ts";
import { queryMarkup } from "../query.ts";

/** How many statements are told. */
const MOST = 25;

/** The statements that took the most time, of all tenants together. */
export function slowSection({ slow }: PageData): Markup {
  return markup`<div id="slow-live" data-live>
${"missing" in slow ? markup`<p>${slow.missing}</p>` : statements(slow)}
</div>`;
}

function statements({
  groups,
  since,
  forgotten,
}: Exclude<PageData["slow"], { readonly missing: string }>): Markup {
  const from = since === null ? "" : ` Counted since ${moment(since)}.`;
  const lost = forgotten === 0 ? "" : ` Rare ones were forgotten ${counted(forgotten, "time")}.`;
  const shown = groups.slice(0, MOST);
  if (shown.length === 0) return markup`<p>No statement ran yet.${from}</p>`;
  return markup`<p>What took the most time in sum, of all tenants together; data in the texts is left out.${from}${lost}</p>
<div class="scroll" role="region" aria-label="Statements that took the most time" tabindex="0"><table class="wide">
<caption>${counted(shown.length, "statement")} of ${count(groups.length)}, the slowest in sum first</caption>
<thead><tr><th scope="col" class="number">Total</th><th scope="col" class="number">Mean</th><th scope="col" class="number">Longest</th><th scope="col" class="number">Calls</th><th scope="col" class="number">Rows</th><th scope="col">Tenants</th><th scope="col">Query</th></tr></thead>
<tbody>
${shown.map(row)}</tbody>
</table></div>`;
}

const row = (group: StatementGroup, index: number): Markup =>
  markup`<tr><td class="number">${milliseconds(group.totalMs)}</td><td class="number">${milliseconds(group.meanMs)}</td><td class="number">${milliseconds(group.maxMs)}</td><td class="number">${count(group.calls)}</td><td class="number">${count(group.rows)}</td><td>${tenantsOf(group)}</td><td>${queryMarkup(group.query, `slow-${index}`)}</td></tr>
`;

/** One by its id, more by their number. */
const tenantsOf = ({ tenants }: StatementGroup): string =>
  tenants.length > 1 ? counted(tenants.length, "tenant") : (tenants[0]?.tenant ?? "–");
