import { tenantSchema } from "../core/names.ts";
import type { TenantPlace, TenantSpec } from "../core/tenant.ts";
import type { FleetContext } from "./context.ts";
import { convergeTenant } from "./converge-tenant.ts";
import { migrateTenant } from "./migrate-tenant.ts";
import { retireTenant } from "./retire-tenant.ts";

/**
 * Brings a tenant to its spec: company, state, isolation and rights; then partitions it lacks and migrations up to its
 * pin, each in a transaction of its own. What is right already stays as it is.
 *
 * @throws {TenantryError} as `convergeTenant`, `migrateTenant` and `retireTenant`
 */
export async function updateTenant(ctx: FleetContext, spec: TenantSpec): Promise<TenantPlace> {
  if (spec.state === "retired") return retireTenant(ctx, spec);
  const { key } = await convergeTenant(ctx, spec);
  const version = await migrateTenant(ctx, spec.id);
  return { schema: tenantSchema(spec.id), key, version };
}
