import type { SlowFacts } from "../../fleet/monitor/read-slow.ts";
import { tenantCell } from "./activity-lines.ts";
import { count, milliseconds } from "../../core/format.ts";
import { line } from "./line.ts";
import type { Line } from "./line.ts";
import { cut } from "./cut.ts";
import { table } from "./table.ts";

const COLUMNS = [
  { title: "TOTAL", align: "right" },
  { title: "MEAN", align: "right" },
  { title: "CALLS", align: "right" },
  { title: "MAX", align: "right", spare: 3 },
  { title: "ROWS", align: "right", spare: 2 },
  { title: "TENANTS", spare: 1 },
  { title: "QUERY" },
] as const;

/** Statements as a table, and since when they were counted. */
export function slowLines({ groups, since, forgotten }: SlowFacts, width: number): Line[] {
  const rows = groups.map((group) => [
    milliseconds(group.totalMs),
    milliseconds(group.meanMs),
    count(group.calls),
    milliseconds(group.maxMs),
    count(group.rows),
    tenantCell(group.tenants.map(({ tenant }) => tenant)),
    group.query,
  ]);
  const from = since === null ? "" : `counted since ${since.toISOString().slice(0, 16)}Z`;
  const lost = forgotten === 0 ? "" : `, rare ones forgotten ${count(forgotten)} times`;
  return [...table(COLUMNS, rows, width), line(cut(from + lost, width), "quiet")];
}
