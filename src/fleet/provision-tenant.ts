import type { PoolClient } from "pg";
import { migrationsBetween, targetVersion } from "../core/tenant-version.ts";
import { tenantSchema } from "../core/names.ts";
import { buildPartition } from "../core/partition.ts";
import { createSchema } from "../core/tenant-statements.ts";
import { judgeTenant } from "../core/tenant-snapshot.ts";
import type { TenantSnapshot } from "../core/tenant-snapshot.ts";
import type { TenantPlace, TenantSpec } from "../core/tenant.ts";
import { analyzeAfter } from "./analyze-catalog.ts";
import type { FleetContext } from "./context.ts";
import { restoreTenant } from "./archive/restore-tenant.ts";
import { cloneTenant } from "./clone/clone-tenant.ts";
import { completePartitions } from "./partitions/complete-partitions.ts";
import { hasManyOrphans } from "./partitions/has-many-orphans.ts";
import { refuseForeignKey } from "./refuse-foreign-key.ts";
import { migrateTenant } from "./migrate-tenant.ts";
import { audit, saveTenant } from "./registry.ts";
import { missingPartitions, runMigrations, step, tenantFiles } from "./tenant-migrations.ts";
import { ownerOf, withTenant } from "./tenant-session.ts";
import { updateTenant } from "./update-tenant.ts";

/**
 * Makes a tenant: schema, rights, migrations, partitions with the orphans that waited for it, registry and audit
 * rows, all in one transaction under the tenant's lock; or all that from an archive or another tenant. A tenant that is
 * there already and ours is brought to its spec; one whose schema was dropped is made anew, empty.
 *
 * When more orphans wait than a cleanup moves at once, and with rows from elsewhere, that transaction makes a suspended
 * tenant with its tables beside the shared ones. Its partitions come as in a cleanup, and then it is opened.
 *
 * @throws {TenantryError} TNT-405 to TNT-407 and TNT-414 when what is there is not ours, TNT-410 for a wrong pin,
 *   TNT-503 to TNT-508 for migrations; nothing is changed then. TNT-403 when a shared table is in use for too long.
 */
export async function provisionTenant(ctx: FleetContext, spec: TenantSpec): Promise<TenantPlace> {
  const { id, restore, clone, state } = spec;
  if (restore !== undefined) await restoreTenant(ctx, spec, restore);
  else if (clone !== undefined) await cloneTenant(ctx, spec, clone);
  else {
    const created = await withTenant(ctx, id, "Creating tenant", (client, snapshot) =>
      create(client, ctx, spec, snapshot),
    );
    if (created !== undefined) await analyzeAfter(ctx);
    if (created?.isDone === true) return created.place;
  }
  await completePartitions(ctx, id);
  const place = await updateTenant(ctx, spec);
  // Rows from elsewhere may be older than the fleet, which nobody else brings them up to in this run.
  return (restore ?? clone) === undefined || state === "retired"
    ? place
    : { ...place, version: await migrateTenant(ctx, id) };
}

/** `undefined` when it is there already. */
async function create(
  client: PoolClient,
  ctx: FleetContext,
  spec: TenantSpec,
  snapshot: TenantSnapshot,
): Promise<{ readonly place: TenantPlace; readonly isDone: boolean } | undefined> {
  const presence = judgeTenant(spec.id, ctx.stack, snapshot);
  if (presence.is === "present") return undefined;
  const key = presence.is === "lost" ? presence.registry.key : spec.id;
  if (presence.is === "absent") await refuseForeignKey(client, key);
  const target = { id: spec.id, key };
  const schema = tenantSchema(spec.id);
  const owner = { schema, key, partitionKey: ctx.partitionKey };
  const hasMany = await hasManyOrphans(client, snapshot.sharedTables, owner);
  // A tenant is retired by what leads there, although this one has no rows yet.
  const isDone = !hasMany && spec.state !== "retired";
  const first: TenantSpec = isDone ? spec : { ...spec, state: "suspended" };
  const files = tenantFiles(ctx, snapshot.migrations);
  const version = targetVersion(spec, files, 0);
  const action = presence.is === "lost" ? "tenant.recreated" : "tenant.created";
  await runMigrations(client, ctx, target, snapshot, {
    before: [
      ...step(`creating tenant ${spec.id}`, createSchema(first, ownerOf(ctx, key), snapshot.role)),
      ...saveTenant(ctx, first, key, version),
      ...(presence.is === "lost" ? [forgetLedger(key)] : []),
    ],
    migrations: migrationsBetween(files, 0, version),
    after: hasMany
      ? step(
          "making partitions aside",
          snapshot.sharedTables.flatMap((table) => buildPartition(table, owner)),
        )
      : missingPartitions(ctx, target, snapshot),
    finally: [audit(ctx, action, spec.id, snapshot.registry, { ...first, version })],
  });
  return { place: { schema, key, version }, isDone };
}

const forgetLedger = (key: string) => ({
  text: "delete from tenantry.ledger where tenant_key = $1",
  values: [key],
  file: "forgetting the ledger of the lost schema",
});
