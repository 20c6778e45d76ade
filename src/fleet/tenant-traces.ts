import type { TenantTraces } from "../core/explain/explain-tenant.ts";
import { runStatements } from "../postgres/run-statements.ts";
import { withTransaction } from "../postgres/with-transaction.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";
import { withoutBooks } from "./tenant-session.ts";

/**
 * What the books know of an id, whether a tenant has it or not.
 *
 * @throws {TenantryError} TNT-415 when the database has no books
 */
export async function tenantTraces(ctx: FleetContext, id: string): Promise<TenantTraces> {
  try {
    const [found] = await withTransaction(ctx.pool, { role: ctx.roles.owner }, (client) =>
      runStatements(client, [fleetQuery("fleet/tenant-traces", [id])]),
    );
    return found?.rows[0] as unknown as TenantTraces;
  } catch (cause) {
    throw withoutBooks(ctx, cause);
  }
}
