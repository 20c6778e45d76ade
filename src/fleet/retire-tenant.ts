import type { PoolClient } from "pg";
import { PARTITION_ATTEMPTS } from "../core/contention.ts";
import { TenantryError } from "../core/errors.ts";
import { tenantSchema } from "../core/names.ts";
import { detachPartitions } from "../core/partition.ts";
import { judgeTenant } from "../core/tenant-snapshot.ts";
import type { TenantSnapshot } from "../core/tenant-snapshot.ts";
import type { TenantPlace, TenantSpec } from "../core/tenant.ts";
import { runStatements } from "../postgres/run-statements.ts";
import { archiveTenant } from "./archive/archive-tenant.ts";
import { convergeTenant } from "./converge-tenant.ts";
import type { FleetContext } from "./context.ts";
import { audit, saveTenant } from "./registry.ts";
import { step } from "./tenant-migrations.ts";
import { withTenant } from "./tenant-session.ts";

/**
 * Retires a tenant: nobody gets in any more, an archive is written and proven, its partitions are taken out of the
 * shared tables. Only then the books call it retired; until then, and when something fails, it is suspended, and
 * another run goes on. One that is retired stays as it is, whatever its version.
 *
 * @throws {TenantryError} TNT-408 when the tenant is gone; TNT-422 when somebody is still at work in it; TNT-701 to
 *   TNT-706 for the archive
 */
export async function retireTenant(ctx: FleetContext, spec: TenantSpec): Promise<TenantPlace> {
  const { key, state, version } = await convergeTenant(ctx, spec, (registry) =>
    registry.state === "retired" ? "retired" : "suspended",
  );
  if (state !== "retired") {
    await archiveTenant(ctx, spec.id);
    await takeOut(ctx, spec);
  }
  return { schema: tenantSchema(spec.id), key, version };
}

function takeOut(ctx: FleetContext, spec: TenantSpec): Promise<void> {
  const takeOutOf = async (client: PoolClient, snapshot: TenantSnapshot): Promise<void> => {
    const presence = judgeTenant(spec.id, ctx.stack, snapshot);
    if (presence.is !== "present") throw new TenantryError("TNT-408", { id: spec.id });
    const { registry } = presence;
    const { key, version } = registry;
    const attached = snapshot.sharedTables.filter((table) => table.attached);
    const owner = { schema: tenantSchema(spec.id), key, partitionKey: ctx.partitionKey };
    await runStatements(client, [
      ...step(`retiring tenant ${spec.id}`, detachPartitions(attached, owner)),
      ...saveTenant(ctx, spec, key, version),
      audit(ctx, "tenant.updated", spec.id, registry, spec),
    ]);
  };
  return withTenant(ctx, spec.id, "Retiring tenant", takeOutOf, PARTITION_ATTEMPTS);
}
