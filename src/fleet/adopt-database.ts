import { runStatements } from "../postgres/run-statements.ts";
import { withTransaction } from "../postgres/with-transaction.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";
import { audit } from "./registry.ts";
import { withoutBooks } from "./tenant-session.ts";

/** What became of a copied database. */
export interface AdoptedDatabase {
  /** The tenants whose schemas bear our mark. */
  readonly tenants: readonly string[];
}

/**
 * Makes a copied database (a restore, a clone, an upgraded cluster) the one that the stack manages: writes its
 * identity into the books, and the oids its tenants' schemas have here. Schemas without our mark stay foreign.
 *
 * @throws {TenantryError} TNT-415 when the database has no books.
 */
export async function adoptDatabase(ctx: FleetContext): Promise<AdoptedDatabase> {
  try {
    return await withTransaction(ctx.pool, { role: ctx.roles.owner }, async (client) => {
      const [before, , adopted] = await runStatements(client, [
        fleetQuery("fleet/database"),
        fleetQuery("fleet/claim-database", [true]),
        fleetQuery("fleet/adopt-tenants", [ctx.stack]),
      ]);
      const tenants = (adopted?.rows ?? []).map(({ id }) => String(id)).sort();
      const { knownDatabase, thisDatabase } = before?.rows[0] ?? {};
      await runStatements(client, [
        audit(
          ctx,
          "database.adopted",
          null,
          { database: knownDatabase },
          { database: thisDatabase, tenants },
        ),
      ]);
      return { tenants };
    });
  } catch (cause) {
    throw withoutBooks(ctx, cause);
  }
}
