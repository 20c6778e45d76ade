import { age, counted, size } from "../../../core/format.ts";
import { OLD_ARCHIVE } from "../../../fleet/monitor/judge-status.ts";
import type { Cell, TenantTable } from "../browser/tenant-table.ts";
import { jsonMarkup, markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import type { PageData, PageTenant } from "../page-data.ts";
import { sizeChange } from "../size-change.ts";

interface Column {
  readonly title: string;
  /** Whether its values are numbers, which stand to the right. */
  readonly number?: true;
  readonly cell: (tenant: PageTenant) => Cell;
}

function versionCell({ version, pin, failedMigration }: PageTenant, newest: number): Cell {
  if (failedMigration !== null) return [version, `${version}, ${failedMigration} failed`, true];
  if (pin !== null) return [version, `${version}, pinned`];
  return version < newest ? [version, `${version}, behind`, true] : [version, String(version)];
}

/** One without any comes after the oldest. */
const archiveCell = ({ provenSeconds: seconds }: PageTenant): Cell =>
  seconds === null
    ? [Number.MAX_SAFE_INTEGER, "none", true]
    : [Math.round(seconds), age(seconds * 1000), seconds > OLD_ARCHIVE];

function columnsOf({ sizes, status, growth }: PageData): Column[] {
  const bytes = new Map(sizes.map((one) => [one.tenant, one.bytes]));
  const grown = new Map(growth.tenants.map((one) => [one.tenant, one.grownBytes]));
  const measured = (value: number | undefined, text: (value: number) => string): Cell =>
    // A tenant that was made or dropped meanwhile has none.
    value === undefined ? [0, "–"] : [value, text(value)];
  return [
    { title: "Tenant", cell: ({ id }) => id },
    { title: "Company", cell: ({ company }) => company },
    { title: "State", cell: ({ state }) => state },
    { title: "Isolation", cell: ({ isolation }) => isolation },
    { title: "Version", number: true, cell: (tenant) => versionCell(tenant, status.newestVersion) },
    { title: "Size", number: true, cell: ({ id }) => measured(bytes.get(id), size) },
    ...(growth.readings.length < 2
      ? []
      : [
          {
            title: "Growth",
            number: true as const,
            cell: ({ id }: PageTenant) => measured(grown.get(id), sizeChange),
          },
        ]),
    { title: "Proven archive", number: true, cell: archiveCell },
  ];
}

/** Every tenant, sorted and filtered by the page's script, which draws those rows alone that are seen. */
export function tenantsSection(data: PageData): Markup {
  const columns = columnsOf(data);
  const table: TenantTable = {
    numbers: columns.map(({ number = false }) => number),
    rows: data.tenants.map((tenant) => columns.map(({ cell }) => cell(tenant))),
  };
  const heads = columns.map(
    ({ title, number }) =>
      markup`<th scope="col"${number ? markup` class="number"` : ""}><button type="button">${title}</button></th>`,
  );
  return markup`<div class="tools">
<label for="filter">Filter</label>
<input id="filter" type="search" autocomplete="off" spellcheck="false" placeholder="id, company, state, behind …">
<output id="shown" for="filter">${counted(data.tenants.length, "tenant")}</output>
</div>
<noscript><p>The list of tenants is drawn by JavaScript that this page carries along; it loads nothing.</p></noscript>
<div class="scroll" id="rows" role="region" aria-label="List of tenants" tabindex="0">
<table class="tenants">
<caption class="hidden">Each tenant with its state, version, size and newest proven archive; a column’s heading sorts by it</caption>
<thead><tr>${heads}</tr></thead>
<tbody></tbody>
</table>
</div>
<script type="application/json" id="tenants-data" data-live>${jsonMarkup(table)}</script>`;
}
