import { count } from "../../../core/format.ts";
import { archiveAges } from "../archive-ages.ts";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import type { PageData } from "../page-data.ts";
import { barTable } from "../plots/bars.ts";

/** How old what could be restored is. */
export function archivesSection({ tenants }: PageData): Markup {
  const bars = archiveAges(tenants).map(({ label, tenants: number, attention }) => ({
    label,
    parts: [number],
    text: count(number),
    attention,
  }));
  return markup`<div id="archives-live" data-live>
${barTable({ caption: "Tenants by the age of their newest proven archive", bars })}
</div>`;
}
