import { TenantryError } from "../core/errors.ts";
import { judgeTenant } from "../core/tenant-snapshot.ts";
import { runStatements } from "../postgres/run-statements.ts";
import type { FleetContext } from "./context.ts";
import { completePartitions } from "./partitions/complete-partitions.ts";
import { specOf } from "./read-tenant.ts";
import { audit } from "./registry.ts";
import { rightsChanges } from "./rights-changes.ts";
import { withTenant } from "./tenant-session.ts";

/**
 * Gives a tenant the rights and owners that the registry says it should have, in one transaction, and then the partitions
 * that it lacks. No migration runs, and what somebody changed in its tables stays.
 *
 * @throws {TenantryError} TNT-408 when the tenant is gone, TNT-405 to TNT-407 and TNT-414 when what is there is not
 *   ours; nothing is changed then. As `completePartitions`.
 */
export async function repairTenant(ctx: FleetContext, id: string): Promise<void> {
  await withTenant(ctx, id, "Repairing tenant", async (client, snapshot) => {
    const presence = judgeTenant(id, ctx.stack, snapshot);
    if (presence.is !== "present") throw new TenantryError("TNT-408", { id });
    const { registry } = presence;
    const { statements, rights } = await rightsChanges(
      client,
      ctx,
      specOf(registry),
      snapshot,
      presence,
    );
    if (rights.length === 0) return;
    await runStatements(client, [...statements, audit(ctx, "tenant.repaired", id, rights, null)]);
  });
  await completePartitions(ctx, id);
}
