import { tenantSchema } from "../core/names.ts";
import { changesVersion } from "../core/tenant-version.ts";
import type { TenantPlace, TenantSpec } from "../core/tenant.ts";
import type { FleetContext } from "./context.ts";
import { convergeTenant } from "./converge-tenant.ts";
import { migrateTenant } from "./migrate-tenant.ts";
import { retireTenant } from "./retire-tenant.ts";

/**
 * Brings a tenant to its spec: company, state, isolation and rights; then partitions it lacks. What is right already
 * stays as it is. Migrations follow only when the change is about them: another pin, or a retired tenant that comes
 * back. All others are the fleet's, which has its canaries go first.
 *
 * @throws {TenantryError} as `convergeTenant`, `migrateTenant` and `retireTenant`
 */
export async function updateTenant(ctx: FleetContext, spec: TenantSpec): Promise<TenantPlace> {
  if (spec.state === "retired") return retireTenant(ctx, spec);
  const before = await convergeTenant(ctx, spec);
  const moves = changesVersion({ ...before, pin: before.pin ?? undefined }, spec);
  const version = await migrateTenant(ctx, spec.id, moves ? {} : { upTo: before.version });
  return { schema: tenantSchema(spec.id), key: before.key, version };
}
