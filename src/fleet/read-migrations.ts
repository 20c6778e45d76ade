import type { MigrationArea } from "../core/migration.ts";
import { runStatements } from "../postgres/run-statements.ts";
import { withTransaction } from "../postgres/with-transaction.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";
import { withoutBooks } from "./tenant-session.ts";

/**
 * The numbers of an area's migrations that ran in this database.
 *
 * @throws {TenantryError} TNT-415 in a database without books
 */
export async function readMigrations(ctx: FleetContext, area: MigrationArea): Promise<number[]> {
  try {
    return await withTransaction(ctx.pool, { role: ctx.roles.owner }, async (client) => {
      const [known] = await runStatements(client, [fleetQuery("fleet/known-migrations", [area])]);
      return (known?.rows ?? []).map(({ number }) => Number(number));
    });
  } catch (cause) {
    throw withoutBooks(ctx, cause);
  }
}
