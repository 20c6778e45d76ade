import type { PoolClient } from "pg";
import { TenantryError } from "../core/errors.ts";
import { tenantSchema } from "../core/names.ts";
import { judgeTenant } from "../core/tenant-snapshot.ts";
import type { RegistryRow, TenantSnapshot } from "../core/tenant-snapshot.ts";
import type { SqlStatement } from "../core/sql-statement.ts";
import { targetVersion } from "../core/tenant-version.ts";
import type { TenantPlace, TenantSpec } from "../core/tenant.ts";
import { runStatements } from "../postgres/run-statements.ts";
import type { FleetContext } from "./context.ts";
import { convergeTenant } from "./converge-tenant.ts";
import { migrateTenant } from "./migrate-tenant.ts";
import { audit, saveTenant } from "./registry.ts";
import { tenantFiles } from "./tenant-migrations.ts";
import { withTenant } from "./tenant-session.ts";

/**
 * Brings a tenant to its spec: company, state, isolation, and every right on its schema in one transaction; then
 * partitions it lacks and migrations up to its pin, each in its own. What is right already stays as it is.
 *
 * @throws {TenantryError} TNT-408 when the tenant is gone, TNT-409 and TNT-410 for a wrong pin, TNT-405 to TNT-407
 *   and TNT-414 when what is there is not ours; nothing is changed then.
 */
export async function updateTenant(ctx: FleetContext, spec: TenantSpec): Promise<TenantPlace> {
  const key = await withTenant(ctx, spec.id, "Changing tenant", (client, snapshot) =>
    converge(client, ctx, spec, snapshot),
  );
  const version = await migrateTenant(ctx, spec.id);
  return { schema: tenantSchema(spec.id), key, version };
}

/** Gives the tenant's key. */
async function converge(
  client: PoolClient,
  ctx: FleetContext,
  spec: TenantSpec,
  snapshot: TenantSnapshot,
): Promise<string> {
  const presence = judgeTenant(spec.id, ctx.stack, snapshot);
  if (presence.is !== "present") throw new TenantryError("TNT-408", { id: spec.id });
  const { registry } = presence;
  targetVersion(spec, tenantFiles(ctx, snapshot.migrations), registry.version);
  const { statements, rights } = await convergeTenant(client, ctx, spec, snapshot, presence);
  const changes = [...statements, ...book(ctx, spec, registry, rights)];
  await runStatements(client, changes);
  return registry.key;
}

/** Writes down what changed, if anything did. */
function book(
  ctx: FleetContext,
  spec: TenantSpec,
  registry: RegistryRow,
  repaired: readonly string[],
): SqlStatement[] {
  const { id, key, version } = registry;
  if (!isAsDeclared(registry, spec))
    return [
      ...saveTenant(ctx, spec, key, version),
      audit(ctx, "tenant.updated", id, registry, spec),
    ];
  return repaired.length > 0 ? [audit(ctx, "tenant.repaired", id, repaired, null)] : [];
}

const isAsDeclared = (row: RegistryRow, { company, state, isolation, pin }: TenantSpec): boolean =>
  row.company === company &&
  row.state === state &&
  row.isolation === isolation &&
  row.pin === (pin ?? null);
