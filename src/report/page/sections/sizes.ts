import { count, size, sizeUnit } from "../../../core/format.ts";
import { growthOf, sizeChange } from "../growth.ts";
import type { Growth } from "../growth.ts";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import { moment } from "../moment.ts";
import type { FleetSnapshot, PageData } from "../page-data.ts";
import { barTable } from "../plots/bars.ts";
import { coursePlot, sparkline } from "../plots/course.ts";

/** How many schemas, and tenants that grew, are told. */
const MOST = 10;

/** The largest schemas, and how the fleet grew since snapshots of it are kept. */
export function sizesSection({ sizes, snapshots, tenants }: PageData): Markup {
  const growth = growthOf(snapshots);
  const bars = sizes.slice(0, MOST).map((one) => ({
    label: one.tenant ?? one.schema,
    parts: [one.tableBytes + one.toastBytes, one.indexBytes],
    text: size(one.bytes),
  }));
  const names = new Map(tenants.map(({ key, id }) => [key, id]));
  return markup`<div id="sizes-live" data-live>
${barTable({
  caption: `The largest ${Math.min(MOST, sizes.length)} of ${count(sizes.length)} schemas: data, then indexes`,
  bars,
})}
${growth === undefined ? "" : growthMarkup(growth, snapshots, names)}
</div>`;
}

function growthMarkup(
  growth: Growth,
  snapshots: readonly FleetSnapshot[],
  names: ReadonlyMap<string, string>,
): Markup {
  const database = snapshots.map(({ takenAt: at, databaseBytes: value }) => ({ at, value }));
  const fleet = snapshots.map(({ takenAt: at, tenants }) => ({
    at,
    value: Object.keys(tenants).length,
  }));
  const most = [...growth.byTenant].toSorted(([, a], [, b]) => b - a).slice(0, MOST);
  const rows = most
    .filter(([, bytes]) => bytes > 0)
    .map(([key, bytes]) => {
      const course = snapshots.flatMap(({ takenAt: at, tenants }) =>
        tenants[key] === undefined ? [] : [{ at, value: tenants[key] }],
      );
      return markup`<tr><th scope="row">${names.get(key) ?? key}</th><td>${sparkline(course)}</td><td class="number">${sizeChange(bytes)}</td><td class="number">${size(growth.last.tenants[key] ?? 0)}</td></tr>
`;
    });
  return markup`<h3>Growth</h3>
<p>${count(snapshots.length)} snapshots from ${moment(growth.first.takenAt)} to ${moment(growth.last.takenAt)}.</p>
<div class="courses">
${coursePlot({ title: "Size of the database", points: database, text: size, unit: sizeUnit(Math.max(...database.map(({ value }) => value))) })}
${coursePlot({ title: "Tenants", points: fleet, text: count })}
</div>
${
  rows.length === 0
    ? markup`<p>No tenant grew.</p>`
    : markup`<div class="scroll" role="region" aria-label="Tenants that grew most" tabindex="0"><table>
<caption>The tenants that grew most</caption>
<thead><tr><th scope="col">Tenant</th><th scope="col">Course</th><th scope="col" class="number">Grown by</th><th scope="col" class="number">To</th></tr></thead>
<tbody>
${rows}</tbody>
</table></div>`
}`;
}
