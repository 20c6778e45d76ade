import type { SizeFact } from "../../fleet/monitor/read-sizes.ts";
import { count, size } from "../../core/format.ts";
import type { Line } from "./line.ts";
import { table } from "./table.ts";

const SIZES = [
  { title: "TOTAL", align: "right" },
  { title: "DATA", align: "right", spare: 1 },
  { title: "INDEXES", align: "right", spare: 2 },
] as const;

const SCHEMAS = [
  ...SIZES,
  { title: "TABLES", align: "right", spare: 3 },
  { title: "STATE", spare: 4 },
  { title: "SCHEMA" },
] as const;

const TABLES = [...SIZES, { title: "TABLE" }] as const;

const sizes = ({ bytes, tableBytes, toastBytes, indexBytes }: SizeFact): string[] =>
  [bytes, tableBytes + toastBytes, indexBytes].map(size);

/** Schemas with their bytes, as a table. */
export function schemaSizeLines(facts: readonly SizeFact[], width: number): Line[] {
  const rows = facts.map((fact) => [
    ...sizes(fact),
    count(fact.tables),
    fact.state ?? "",
    fact.schema,
  ]);
  return table(SCHEMAS, rows, width);
}

/** The tables of one schema with their bytes. */
export function tableSizeLines(facts: readonly SizeFact[], width: number): Line[] {
  return table(
    TABLES,
    facts.map((fact) => [...sizes(fact), fact.table ?? ""]),
    width,
  );
}
