import { columns } from "../../src/cli/render/columns.ts";
import type { MeasuredFleet } from "./measure-fleets.ts";
import { STEPS } from "./fleet-costs.ts";
import type { Measured } from "./fleet-costs.ts";

const COLUMNS = [
  { title: "TENANTS", align: "right" },
  { title: "WAY" },
  { title: "STEP" },
  { title: "SECONDS", align: "right" },
  { title: "CPU S", align: "right" },
  { title: "PEAK MB", align: "right" },
  { title: "x BARE PG", align: "right" },
] as const;

/** The fleets as a table, each cost beside the same by bare `pg`. */
export function fleetLines(fleets: readonly MeasuredFleet[]): string[] {
  const rows = fleets.flatMap(({ tenants, ways }) => {
    const floor = ways.find(({ way }) => way === "bare pg")?.costs;
    return ways.flatMap(({ way, costs }) =>
      STEPS.flatMap((step) => {
        const cost = costs[step];
        return cost ? [[String(tenants), way, step, ...cells(cost, floor?.[step])]] : [];
      }),
    );
  });
  return columns(COLUMNS, rows);
}

function cells(cost: Measured, floor: Measured | undefined): string[] {
  if ("failed" in cost) return [cost.failed];
  const { seconds, cpuSeconds, peakBytes } = cost;
  return [
    seconds.toFixed(2),
    cpuSeconds?.toFixed(2) ?? "",
    peakBytes === undefined ? "" : (peakBytes / 1024 / 1024).toFixed(0),
    floor === undefined || "failed" in floor ? "" : (seconds / floor.seconds).toFixed(2),
  ];
}
