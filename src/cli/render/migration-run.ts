import type { Stage } from "../../core/fleet-plan.ts";
import type { FleetStatus } from "../../core/fleet-status.ts";
import type { FleetResult } from "../../fleet/migrate-fleet.ts";
import { counted } from "../../core/format.ts";
import { line } from "./line.ts";
import type { Line } from "./line.ts";

/** The most tenants that are named one by one. */
const NAMED = 12;

const names = (tenants: readonly string[]): string =>
  tenants.length <= NAMED
    ? tenants.join(", ")
    : `${tenants.slice(0, 3).join(", ")}, ..., ${tenants.at(-1) ?? ""}`;

/** What a run would do. */
export function stageLines(stages: readonly Stage[], pending: FleetStatus["pending"]): Line[] {
  if (stages.length === 0) return [line("  nothing to do", "strong")];
  const waves = stages.filter(({ isCanary }) => !isCanary).length;
  return [
    ...pending.map(({ file, tenants }) =>
      line(`  ~ ${file}  for ${counted(tenants, "tenant")}`, "change"),
    ),
    ...stages.flatMap(({ isCanary, tenants }, index) => {
      const wave = index + 1 - (stages.length - waves);
      const name = isCanary ? "canaries" : `wave ${wave} of ${waves}`;
      return [line(`  ${name}: ${counted(tenants.length, "tenant")}  ${names(tenants)}`)];
    }),
  ];
}

/** The tenants that failed, each with PostgreSQL's own words, and how many were left. */
export function failedTenantLines({ failures, left }: FleetResult): Line[] {
  return [
    ...failures.flatMap(({ id, message }) => {
      const [first = "", ...more] = message.split("\n");
      return [
        line(`  ! tenant ${id}  ${first}`, "error"),
        ...more.map((text) => line(`      ${text}`, "error")),
      ];
    }),
    ...(left.length > 0 ? [line(`  ${counted(left.length, "tenant")} left as before`)] : []),
  ];
}
