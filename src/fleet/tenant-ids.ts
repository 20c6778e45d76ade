import { runStatements } from "../postgres/run-statements.ts";
import { withTransaction } from "../postgres/with-transaction.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";
import { withoutBooks } from "./tenant-session.ts";

/**
 * The tenants of the stack, by id, without a look at their tables.
 *
 * @throws {TenantryError} TNT-415 when the database has no books
 */
export async function tenantIds(ctx: FleetContext): Promise<string[]> {
  try {
    const [found] = await withTransaction(ctx.pool, { role: ctx.roles.owner }, (client) =>
      runStatements(client, [fleetQuery("fleet/tenant-ids", [ctx.stack])]),
    );
    return (found?.rows ?? []).map(({ id }) => String(id));
  } catch (cause) {
    throw withoutBooks(ctx, cause);
  }
}
