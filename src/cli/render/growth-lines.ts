import type { GrowthFacts } from "../../fleet/monitor/read-growth.ts";
import { cut } from "./cut.ts";
import { moment, size } from "../../core/format.ts";
import { line } from "./line.ts";
import type { Line } from "./line.ts";
import { table } from "./table.ts";

const COLUMNS = [
  { title: "GROWN", align: "right" },
  { title: "BEFORE", align: "right", spare: 2 },
  { title: "NOW", align: "right", spare: 1 },
  { title: "STATE", spare: 3 },
  { title: "TENANT" },
] as const;

const signed = (bytes: number): string => `${bytes < 0 ? "-" : "+"}${size(Math.abs(bytes))}`;

/** How much the tenants grew between two readings, and which ones these are. */
export function growthLines({ tenants }: GrowthFacts, width: number): Line[] {
  const rows = tenants.map(({ tenant, state, firstBytes, bytes, grownBytes }) => [
    signed(grownBytes),
    firstBytes === null ? "-" : size(firstBytes),
    size(bytes),
    state,
    tenant,
  ]);
  const [one] = tenants;
  const between = one && `from ${moment(one.firstAt)} to ${moment(one.lastAt)} UTC`;
  return [...table(COLUMNS, rows, width), ...(between ? [line(cut(between, width), "quiet")] : [])];
}
