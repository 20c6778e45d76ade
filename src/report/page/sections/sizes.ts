import { count, size, sizeUnit } from "../../../core/format.ts";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import { moment } from "../moment.ts";
import type { PageData, PageGrowth } from "../page-data.ts";
import { barTable } from "../plots/bars.ts";
import { coursePlot } from "../plots/course.ts";
import { sizeChange } from "../size-change.ts";

/** How many schemas, and tenants that grew, are told. */
const MOST = 10;

/** The largest schemas, and how the fleet grew since readings of it are kept. */
export function sizesSection({ sizes, growth }: PageData): Markup {
  const bars = sizes.slice(0, MOST).map((one) => ({
    label: one.tenant ?? one.schema,
    parts: [one.tableBytes + one.toastBytes, one.indexBytes],
    text: size(one.bytes),
  }));
  return markup`<div id="sizes-live" data-live>
${barTable({
  caption: `The largest ${bars.length} of ${count(sizes.length)} schemas: data, then indexes`,
  bars,
})}
${growthMarkup(growth)}
</div>`;
}

function growthMarkup({ readings, tenants }: PageGrowth): Markup {
  const [first, last] = [readings[0], readings.at(-1)];
  if (first === undefined || last === undefined || first === last) return markup``;
  const database = readings.map(({ takenAt: at, databaseBytes: value }) => ({ at, value }));
  const fleet = readings.map(({ takenAt: at, states }) => ({
    at,
    value: Object.values(states).reduce((sum, number) => sum + number, 0),
  }));
  const unit = sizeUnit(Math.max(...database.map(({ value }) => value)));
  return markup`<h3>Growth</h3>
<p>${count(readings.length)} readings from ${moment(first.takenAt)} to ${moment(last.takenAt)}.</p>
<div class="courses">
${coursePlot({ title: "Size of the database", points: database, text: size, unit })}
${coursePlot({ title: "Tenants", points: fleet, text: count })}
</div>
${grownMost(tenants.filter(({ grownBytes }) => grownBytes > 0).slice(0, MOST))}`;
}

function grownMost(tenants: PageGrowth["tenants"]): Markup {
  if (tenants.length === 0) return markup`<p>No tenant grew.</p>`;
  const rows = tenants.map(
    ({ tenant, firstBytes, bytes, grownBytes }) =>
      markup`<tr><th scope="row">${tenant}</th><td class="number">${sizeChange(grownBytes)}</td><td class="number">${firstBytes === null ? "new" : size(firstBytes)}</td><td class="number">${size(bytes)}</td></tr>
`,
  );
  return markup`<div class="scroll" role="region" aria-label="Tenants that grew most" tabindex="0"><table>
<caption>The tenants that grew most</caption>
<thead><tr><th scope="col">Tenant</th><th scope="col" class="number">Grown by</th><th scope="col" class="number">From</th><th scope="col" class="number">To</th></tr></thead>
<tbody>
${rows}</tbody>
</table></div>`;
}
