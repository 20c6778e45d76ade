import type { PoolClient } from "pg";
import { TenantryError } from "../core/errors.ts";
import { tenantSchema } from "../core/names.ts";
import { tenantDrift } from "../core/tenant-drift.ts";
import { convergeRights } from "../core/tenant-statements.ts";
import { judgeTenant } from "../core/tenant-snapshot.ts";
import type { RegistryRow, TenantSnapshot } from "../core/tenant-snapshot.ts";
import type { SqlStatement } from "../core/sql-statement.ts";
import { changesVersion, targetVersion } from "../core/tenant-version.ts";
import type { TenantPlace, TenantSpec } from "../core/tenant.ts";
import { runStatements } from "../postgres/run-statements.ts";
import type { FleetContext } from "./context.ts";
import { migrateTenant } from "./migrate-tenant.ts";
import { readCatalog } from "./read-catalog.ts";
import { audit, saveTenant } from "./registry.ts";
import { step, tenantFiles } from "./tenant-migrations.ts";
import { ownerOf, withTenant } from "./tenant-session.ts";

/**
 * Brings a tenant to its spec: company, state, isolation, and every right on its schema in one transaction; then
 * partitions it lacks. What is right already stays as it is. Migrations follow only when the change is about them:
 * another pin, or a retired tenant that comes back. All others are the fleet's, which has its canaries go first.
 *
 * @throws {TenantryError} TNT-408 when the tenant is gone, TNT-409 and TNT-410 for a wrong pin, TNT-405 to TNT-407
 *   and TNT-414 when what is there is not ours; nothing is changed then.
 */
export async function updateTenant(ctx: FleetContext, spec: TenantSpec): Promise<TenantPlace> {
  const before = await withTenant(ctx, spec.id, "Changing tenant", (client, snapshot) =>
    converge(client, ctx, spec, snapshot),
  );
  const moves = changesVersion({ ...before, pin: before.pin ?? undefined }, spec);
  const version = await migrateTenant(ctx, spec.id, moves ? {} : { upTo: before.version });
  return { schema: tenantSchema(spec.id), key: before.key, version };
}

/** Gives the tenant's row as it was before. */
async function converge(
  client: PoolClient,
  ctx: FleetContext,
  spec: TenantSpec,
  snapshot: TenantSnapshot,
): Promise<RegistryRow> {
  const presence = judgeTenant(spec.id, ctx.stack, snapshot);
  if (presence.is !== "present") throw new TenantryError("TNT-408", { id: spec.id });
  const { registry, schema } = presence;
  targetVersion(spec, tenantFiles(ctx, snapshot.migrations), registry.version);
  const catalog = await readCatalog(client, ctx, schema.oid);
  const drift = tenantDrift(spec, ctx.roles, schema.owner, catalog);
  const current = { ...catalog, role: snapshot.role, schemaOwner: schema.owner };
  const changes = [
    ...(drift.rights.length > 0
      ? step(
          `changing tenant ${spec.id}`,
          convergeRights(spec, ownerOf(ctx, registry.key), current),
        )
      : []),
    ...book(ctx, spec, registry, drift.rights),
  ];
  await runStatements(client, changes);
  return registry;
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
