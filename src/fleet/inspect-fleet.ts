import type { FleetFact } from "../core/fleet-status.ts";
import { newestVersion } from "../core/migration.ts";
import type { KnownMigration, Migration } from "../core/migration.ts";
import { checkDatabase } from "../core/tenant-snapshot.ts";
import type { TenantSnapshot } from "../core/tenant-snapshot.ts";
import { runStatements } from "../postgres/run-statements.ts";
import { withTransaction } from "../postgres/with-transaction.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";
import { tenantFiles } from "./tenant-migrations.ts";
import { withoutBooks } from "./tenant-session.ts";

/** The fleet as it is. */
export interface FleetView {
  readonly database: string;
  readonly files: readonly Migration[];
  readonly members: readonly FleetFact[];
}

/**
 * Reads the tenants' migrations, and how far each tenant of the stack is that they reach: one query for the fleet.
 *
 * @throws {TenantryError} TNT-503 and TNT-504 when a migration was changed after it ran; TNT-405 in a copied
 *   database; TNT-415 in one without books.
 */
export async function inspectFleet(ctx: FleetContext): Promise<FleetView> {
  try {
    return await withTransaction(ctx.pool, { role: ctx.roles.owner }, async (client) => {
      const [database, known] = await runStatements(client, [
        fleetQuery("fleet/database"),
        fleetQuery("fleet/known-migrations", ["tenant"]),
      ]);
      const snapshot = database?.rows[0] as unknown as TenantSnapshot;
      checkDatabase(snapshot);
      const files = tenantFiles(ctx, (known?.rows ?? []) as unknown as KnownMigration[]);
      const [members] = await runStatements(client, [
        fleetQuery("fleet/members", [ctx.stack, newestVersion(files), ctx.partitionKey]),
      ]);
      const { databaseName } = snapshot;
      return {
        database: databaseName,
        files,
        members: (members?.rows ?? []) as unknown as FleetFact[],
      };
    });
  } catch (cause) {
    throw withoutBooks(ctx, cause);
  }
}
