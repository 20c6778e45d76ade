import type { IndexFact } from "../../fleet/monitor/read-indexes.ts";
import { count, size } from "../../core/format.ts";
import { line } from "./line.ts";
import type { Line } from "./line.ts";
import { table } from "./table.ts";

const COLUMNS = [
  { title: "WHAT" },
  { title: "SIZE", align: "right" },
  { title: "FREE", align: "right", spare: 1 },
  { title: "SCHEMAS", align: "right", spare: 2 },
  { title: "INDEX" },
] as const;

/** Indexes that deserve a look, as a table. */
export function indexLines(indexes: readonly IndexFact[], width: number): Line[] {
  if (indexes.length === 0) return [line("no index is invalid, duplicate, unused or bloated")];
  const rows = indexes.map((fact) => [
    fact.kind,
    size(fact.bytes),
    size(fact.freeBytes),
    fact.schemas === fact.ofSchemas
      ? `all ${count(fact.schemas)}`
      : `${count(fact.schemas)} of ${count(fact.ofSchemas)}`,
    `${fact.scope}.${fact.index} on ${fact.table}${fact.detail === "" ? "" : `, ${fact.detail}`}`,
  ]);
  return table(COLUMNS, rows, width);
}
