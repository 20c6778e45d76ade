import type { MigrationPolicy } from "../core/fleet-plan.ts";
import { suggest } from "../core/suggest.ts";
import type { TenantSpec } from "../core/tenant.ts";

/** A canary that would try nothing out. */
interface IdleCanary {
  readonly path: readonly PropertyKey[];
  readonly value: string;
  readonly rule: string;
}

/** The canaries that no migration reaches: every other tenant would follow them untested. */
export function idleCanaries(
  tenants: readonly TenantSpec[],
  canary: MigrationPolicy["canary"],
): IdleCanary[] {
  if (typeof canary === "string") return [];
  return canary.flatMap((id, index) => {
    const rule = idleBecause(id, tenants);
    return rule === undefined ? [] : [{ path: ["migrations", "canary", index], value: id, rule }];
  });
}

function idleBecause(id: string, tenants: readonly TenantSpec[]): string | undefined {
  const tenant = tenants.find((one) => one.id === id);
  if (tenant?.state === "retired") return "is retired, so that no migration reaches it";
  if (tenant?.pin !== undefined)
    return `is pinned to migration ${tenant.pin}, so that no later one reaches it`;
  if (tenant !== undefined) return undefined;
  const meant = suggest(
    id,
    tenants.map((one) => one.id),
  );
  return `is no tenant of this stack${meant === undefined ? "" : `: did you mean ${meant}?`}`;
}
