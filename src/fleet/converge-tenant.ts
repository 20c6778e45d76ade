import type { PoolClient } from "pg";
import { TenantryError } from "../core/errors.ts";
import { mayBeUsed } from "../core/tenant-rights.ts";
import { judgeTenant } from "../core/tenant-snapshot.ts";
import type { PresentTenant, RegistryRow, TenantSnapshot } from "../core/tenant-snapshot.ts";
import type { SqlStatement } from "../core/sql-statement.ts";
import { targetVersion } from "../core/tenant-version.ts";
import type { TenantSpec, TenantState } from "../core/tenant.ts";
import { runStatements } from "../postgres/run-statements.ts";
import type { FleetContext } from "./context.ts";
import { endSessions } from "./end-sessions.ts";
import { audit, saveTenant } from "./registry.ts";
import { rightsChanges } from "./rights-changes.ts";
import { tenantFiles } from "./tenant-migrations.ts";
import { withTenant } from "./tenant-session.ts";

/**
 * Brings a tenant's company, state, isolation and every right on its schema to its spec, in one transaction. When that
 * shuts its users out, they get ten seconds to finish what they began.
 *
 * @param stateOf the state to be in for now, where that is not the spec's
 * @returns the tenant's row in the registry as it was before
 * @throws {TenantryError} TNT-408 when the tenant is gone, TNT-409 and TNT-410 for a wrong pin, TNT-405 to TNT-407
 *   and TNT-414 when what is there is not ours; nothing is changed then. TNT-422 when users could not be shut out.
 */
export async function convergeTenant(
  ctx: FleetContext,
  spec: TenantSpec,
  stateOf: (registry: RegistryRow) => TenantState = () => spec.state,
): Promise<RegistryRow> {
  const before = await withTenant(ctx, spec.id, "Changing tenant", async (client, snapshot) => {
    const presence = judgeTenant(spec.id, ctx.stack, snapshot);
    if (presence.is !== "present") throw new TenantryError("TNT-408", { id: spec.id });
    const goal = { ...spec, state: stateOf(presence.registry) };
    await converge(client, ctx, goal, snapshot, presence);
    return { ...presence.registry, isShut: !mayBeUsed(goal) };
  });
  if (before.isShut) await endSessions(ctx, spec.id, before.schemaOid);
  return before;
}

async function converge(
  client: PoolClient,
  ctx: FleetContext,
  spec: TenantSpec,
  snapshot: TenantSnapshot,
  presence: PresentTenant,
): Promise<void> {
  targetVersion(spec, tenantFiles(ctx, snapshot.migrations), presence.registry.version);
  const { statements, rights } = await rightsChanges(client, ctx, spec, snapshot, presence);
  await runStatements(client, [...statements, ...book(ctx, spec, presence.registry, rights)]);
}

/** Writes down what changed, if anything did. */
function book(
  ctx: FleetContext,
  spec: TenantSpec,
  registry: RegistryRow,
  repaired: readonly string[],
): SqlStatement[] {
  const { id, key, version } = registry;
  const moved = registry.managedBy !== (ctx.manager ?? registry.managedBy);
  if (moved || !isAsDeclared(registry, spec))
    return [
      ...saveTenant(ctx, spec, key, version),
      audit(ctx, "tenant.updated", id, registry, {
        ...spec,
        ...(moved && { managedBy: ctx.manager }),
      }),
    ];
  return repaired.length > 0 ? [audit(ctx, "tenant.repaired", id, repaired, null)] : [];
}

const isAsDeclared = (row: RegistryRow, { company, state, isolation, pin }: TenantSpec): boolean =>
  row.company === company &&
  row.state === state &&
  row.isolation === isolation &&
  row.pin === (pin ?? null);
