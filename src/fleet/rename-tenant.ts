import { TenantryError } from "../core/errors.ts";
import { quoteIdentifier } from "../core/identifier.ts";
import { tenantSchema } from "../core/names.ts";
import { asAdministrator } from "../core/tenant-statements.ts";
import { judgeTenant } from "../core/tenant-snapshot.ts";
import { tenantMark, tenantRole } from "../core/tenant.ts";
import { takeLock } from "../postgres/advisory-lock.ts";
import { runStatements } from "../postgres/run-statements.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";
import { audit } from "./registry.ts";
import { step } from "./tenant-migrations.ts";
import { inspectTenant, ownerOf, tenantLock, withTenant } from "./tenant-session.ts";

/**
 * Gives a tenant another id: schema, role, registry, users, in one transaction. Its key, its rows and the history of
 * its migrations stay. One that has the new id already is no error.
 *
 * @throws {TenantryError} TNT-424 when there is no tenant of the old id, TNT-425 when both are there, TNT-405 to
 *   TNT-407 and TNT-414 when what is there is not ours; nothing is changed then
 */
export function renameTenant(ctx: FleetContext, from: string, to: string): Promise<void> {
  return withTenant(ctx, from, "Renaming tenant", async (client, snapshot) => {
    await takeLock(client, tenantLock(to), "transaction", ctx.signal);
    const target = await inspectTenant(client, ctx, to);
    const [old, renamed] = [
      judgeTenant(from, ctx.stack, snapshot),
      judgeTenant(to, ctx.stack, target),
    ];
    if (old.is === "absent") {
      if (renamed.is === "present") return;
      throw new TenantryError("TNT-424", { from, to });
    }
    if (renamed.is !== "absent") throw new TenantryError("TNT-425", { from, to });
    if (old.is === "lost") throw new TenantryError("TNT-408", { id: from });
    if (target.role !== null) throw new TenantryError("TNT-414", { role: tenantRole(to) });
    const { registry } = old;
    const owner = ownerOf(ctx, registry.key);
    const isOurs = snapshot.role?.comment === tenantMark(registry.key, ctx.stack);
    await runStatements(client, [
      ...step(`renaming tenant ${from}`, [
        `alter schema ${quoteIdentifier(tenantSchema(from))} rename to ${quoteIdentifier(tenantSchema(to))}`,
        ...(isOurs
          ? asAdministrator(
              [
                `alter role ${quoteIdentifier(tenantRole(from))} rename to ${quoteIdentifier(tenantRole(to))}`,
              ],
              owner,
            )
          : []),
      ]),
      fleetQuery("fleet/rename-tenant", [from, to]),
      fleetQuery("fleet/rename-users", [from, to]),
      fleetQuery("fleet/forget-central-tenant", [from]),
      audit(ctx, "tenant.renamed", to, { id: from }, { id: to, key: registry.key }),
    ]);
  });
}
