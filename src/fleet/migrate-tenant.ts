import type { PoolClient } from "pg";
import { TenantryError } from "../core/errors.ts";
import { migrationStatements, runsConcurrently } from "../core/migration.ts";
import { judgeTenant } from "../core/tenant-snapshot.ts";
import type { RegistryRow, TenantSnapshot } from "../core/tenant-snapshot.ts";
import { migrationsBetween, targetVersion } from "../core/tenant-version.ts";
import { releaseLock, takeLock } from "../postgres/advisory-lock.ts";
import { retryContention } from "../postgres/retry-contention.ts";
import { runStatements } from "../postgres/run-statements.ts";
import { withClient } from "../postgres/with-client.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";
import { completePartitions } from "./partitions/complete-partitions.ts";
import { specOf } from "./read-tenant.ts";
import { audit, saveTenant } from "./registry.ts";
import { runConcurrently } from "./run-concurrently.ts";
import { missingPartitions, runMigrations, tenantFiles } from "./tenant-migrations.ts";
import { inTenant, tenantLock } from "./tenant-session.ts";

/** How far a tenant is, and what is next. */
interface Progress {
  readonly version: number;
  readonly done: boolean;
  /** Whether rows may wait in DEFAULT for it: they need more than one transaction to come. */
  readonly lacksRows?: boolean;
  /** A migration that cannot run in a transaction. */
  readonly outside?: () => Promise<void>;
}

/**
 * Gives a live tenant the partitions it lacks and the migrations up to its pin, each in a transaction of its own: a
 * failed one leaves the tenant at the one before. Migrations with `:concurrently` run outside a transaction, so the
 * tenant's lock is the session's.
 *
 * @param options.upTo the last migration to run, even if the tenant should go further. Default: all it should have
 * @returns the tenant's version
 * @throws {TenantryError} TNT-408 when the tenant is gone, and what the statements throw.
 */
export async function migrateTenant(
  ctx: FleetContext,
  id: string,
  { upTo = Infinity }: { readonly upTo?: number } = {},
): Promise<number> {
  for (;;) {
    const { version, lacksRows } = await migrate(ctx, id, upTo);
    if (lacksRows !== true) return version;
    await completePartitions(ctx, id);
  }
}

function migrate(ctx: FleetContext, id: string, upTo: number): Promise<Progress> {
  return retryContention(`Migrating tenant ${id}`, ctx.signal, () =>
    withClient(ctx.pool, async (client) => {
      await takeLock(client, tenantLock(id), "session", ctx.signal);
      let progress: Progress;
      do {
        progress = await inTenant(client, ctx, id, (_, snapshot) =>
          advance(client, ctx, id, snapshot, upTo),
        );
        await progress.outside?.();
      } while (!progress.done);
      await releaseLock(client, tenantLock(id));
      return progress;
    }),
  );
}

/** Runs the next migration in the transaction under way, or tells which one cannot. */
async function advance(
  client: PoolClient,
  ctx: FleetContext,
  id: string,
  snapshot: TenantSnapshot,
  upTo: number,
): Promise<Progress> {
  const presence = judgeTenant(id, ctx.stack, snapshot);
  if (presence.is !== "present") throw new TenantryError("TNT-408", { id });
  const { registry } = presence;
  const place = { id, key: registry.key };
  const isRetired = registry.state === "retired";
  if (!isRetired && snapshot.sharedTables.some((table) => !table.attached && table.mayHaveOrphans))
    return { version: registry.version, done: true, lacksRows: true };
  const files = tenantFiles(ctx, snapshot.migrations);
  const target = targetVersion(specOf(registry), files, registry.version);
  const goal = Math.min(target, upTo);
  const [migration] = migrationsBetween(files, registry.version, goal);
  const after = isRetired ? [] : missingPartitions(ctx, place, snapshot);
  if (migration === undefined) {
    await runStatements(client, after);
    if (goal === target)
      await runStatements(client, [fleetQuery("fleet/forget-failure", [registry.key])]);
    return { version: registry.version, done: true };
  }
  const { number } = migration;
  const book = advanceRegistry(ctx, registry, number);
  if (runsConcurrently(migrationStatements("tenant", migration)))
    return {
      version: registry.version,
      done: false,
      outside: () => runConcurrently(client, ctx, place, snapshot, migration, book),
    };
  await runMigrations(client, ctx, place, snapshot, {
    before: book,
    migrations: [migration],
    after,
  });
  return { version: number, done: false };
}

function advanceRegistry(ctx: FleetContext, registry: RegistryRow, version: number) {
  return [
    ...saveTenant(ctx, specOf(registry), registry.key, version),
    audit(ctx, "tenant.migrated", registry.id, { version: registry.version }, { version }),
  ];
}
