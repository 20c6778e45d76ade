import { messageOf } from "../core/errors.ts";
import { newestVersion } from "../core/migration.ts";
import type { KnownMigration } from "../core/migration.ts";
import { checkDatabase } from "../core/tenant-snapshot.ts";
import type { TenantSnapshot } from "../core/tenant-snapshot.ts";
import { runStatements } from "../postgres/run-statements.ts";
import { withTransaction } from "../postgres/with-transaction.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";
import { migrateTenant } from "./migrate-tenant.ts";
import { tenantFiles } from "./tenant-migrations.ts";
import { withoutBooks } from "./tenant-session.ts";

/** How many tenants are migrated at once: more gains nothing (see bench/). */
const WORKERS = 4;

/** What became of the fleet. */
export interface FleetResult {
  /** The newest migration; tenants that are pinned or failed stay below it. */
  readonly version: number;
  /** The tenants that were brought up to date. */
  readonly migrated: readonly string[];
  /** The tenants that stayed at their last good version, by id. */
  readonly failures: readonly { readonly id: string; readonly message: string }[];
}

/**
 * Brings every tenant of the stack to its version and gives it the partitions of new shared tables. Who is behind is
 * one query; a tenant that fails does not stop the others. Retired tenants stay as they are.
 *
 * @throws {TenantryError} TNT-503 and TNT-504 when a migration was changed after it ran, before anything runs;
 *   TNT-405 in a copied database; TNT-415 in one without books.
 */
export async function migrateFleet(ctx: FleetContext): Promise<FleetResult> {
  const { version, behind } = await findBehind(ctx);
  const migrated: string[] = [];
  const failures: { id: string; message: string }[] = [];
  const queue = behind.values();
  const work = async (): Promise<void> => {
    // The workers share the iterator: each takes the next tenant when it is free.
    for (const id of queue) {
      ctx.signal?.throwIfAborted();
      try {
        await migrateTenant(ctx, id);
        migrated.push(id);
      } catch (error) {
        ctx.signal?.throwIfAborted();
        failures.push({ id, message: messageOf(error) });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(WORKERS, behind.length) }, work));
  const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
  return { version, migrated: migrated.sort(), failures: failures.sort(byId) };
}

async function findBehind(ctx: FleetContext): Promise<{ version: number; behind: string[] }> {
  try {
    return await withTransaction(ctx.pool, { role: ctx.roles.owner }, async (client) => {
      const [database, known] = await runStatements(client, [
        fleetQuery("fleet/database"),
        fleetQuery("fleet/known-migrations", ["tenant"]),
      ]);
      checkDatabase(database?.rows[0] as unknown as TenantSnapshot);
      const files = tenantFiles(ctx, (known?.rows ?? []) as unknown as KnownMigration[]);
      const version = newestVersion(files);
      const [behind] = await runStatements(client, [
        fleetQuery("fleet/behind", [ctx.stack, version, ctx.partitionKey]),
      ]);
      return { version, behind: (behind?.rows ?? []).map(({ id }) => String(id)) };
    });
  } catch (cause) {
    throw withoutBooks(ctx, cause);
  }
}
