import type { PoolClient } from "pg";
import { migrationsBetween, targetVersion } from "../core/tenant-version.ts";
import { tenantSchema } from "../core/names.ts";
import { createSchema } from "../core/tenant-statements.ts";
import { judgeTenant } from "../core/tenant-snapshot.ts";
import type { TenantSnapshot } from "../core/tenant-snapshot.ts";
import type { TenantPlace, TenantSpec } from "../core/tenant.ts";
import { analyzeAfter } from "./analyze-catalog.ts";
import type { FleetContext } from "./context.ts";
import { restoreTenant } from "./archive/restore-tenant.ts";
import { cloneTenant } from "./clone/clone-tenant.ts";
import { refuseForeignKey } from "./refuse-foreign-key.ts";
import { migrateTenant } from "./migrate-tenant.ts";
import { audit, saveTenant } from "./registry.ts";
import { missingPartitions, runMigrations, step, tenantFiles } from "./tenant-migrations.ts";
import { ownerOf, withTenant } from "./tenant-session.ts";
import { updateTenant } from "./update-tenant.ts";

/**
 * Makes a tenant: schema, rights, migrations, partitions with the orphans that waited for it, registry and audit
 * rows, all in one transaction under the tenant's lock; or all that from an archive or another tenant. A tenant that is there already and ours is brought to its
 * spec; one whose schema was dropped is made anew, empty.
 *
 * @throws {TenantryError} TNT-405 to TNT-407 and TNT-414 when what is there is not ours, TNT-410 for a wrong pin,
 *   TNT-503 to TNT-508 for migrations; nothing is changed then.
 */
export async function provisionTenant(ctx: FleetContext, spec: TenantSpec): Promise<TenantPlace> {
  const { restore, clone } = spec;
  if (restore !== undefined || clone !== undefined) {
    if (restore !== undefined) await restoreTenant(ctx, spec, restore);
    if (clone !== undefined) await cloneTenant(ctx, spec, clone);
    const place = await updateTenant(ctx, spec);
    // Its rows may be older than the fleet, which nobody else brings it up to in this run.
    return spec.state === "retired"
      ? place
      : { ...place, version: await migrateTenant(ctx, spec.id) };
  }
  const isRetired = spec.state === "retired";
  // A tenant is retired by what leads there, although this one has no rows yet.
  const first: TenantSpec = isRetired ? { ...spec, state: "suspended" } : spec;
  const created = await withTenant(ctx, spec.id, "Creating tenant", (client, snapshot) =>
    create(client, ctx, first, snapshot),
  );
  if (created === undefined) return updateTenant(ctx, spec);
  await analyzeAfter(ctx);
  return isRetired ? updateTenant(ctx, spec) : created;
}

/** `undefined` when it is there already. */
async function create(
  client: PoolClient,
  ctx: FleetContext,
  spec: TenantSpec,
  snapshot: TenantSnapshot,
): Promise<TenantPlace | undefined> {
  const presence = judgeTenant(spec.id, ctx.stack, snapshot);
  if (presence.is === "present") return undefined;
  const key = presence.is === "lost" ? presence.registry.key : spec.id;
  if (presence.is === "absent") await refuseForeignKey(client, key);
  const target = { id: spec.id, key };
  const files = tenantFiles(ctx, snapshot.migrations);
  const version = targetVersion(spec, files, 0);
  const action = presence.is === "lost" ? "tenant.recreated" : "tenant.created";
  await runMigrations(client, ctx, target, snapshot, {
    before: [
      ...step(`creating tenant ${spec.id}`, createSchema(spec, ownerOf(ctx, key), snapshot.role)),
      ...saveTenant(ctx, spec, key, version),
      ...(presence.is === "lost" ? [forgetLedger(key)] : []),
    ],
    migrations: migrationsBetween(files, 0, version),
    after: missingPartitions(ctx, target, snapshot),
    finally: [audit(ctx, action, spec.id, snapshot.registry, { ...spec, version })],
  });
  return { schema: tenantSchema(spec.id), key, version };
}

const forgetLedger = (key: string) => ({
  text: "delete from tenantry.ledger where tenant_key = $1",
  values: [key],
  file: "forgetting the ledger of the lost schema",
});
