import type { PoolClient } from "pg";
import { quoteIdentifier } from "../core/identifier.ts";
import { migrationStatements } from "../core/migration.ts";
import type { Migration } from "../core/migration.ts";
import { tenantSchema } from "../core/names.ts";
import type { SqlStatement } from "../core/sql-statement.ts";
import type { TenantSnapshot } from "../core/tenant-snapshot.ts";
import { runStatements } from "../postgres/run-statements.ts";
import { inTransaction } from "../postgres/with-transaction.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";
import { bookMigrations, step, tenantStatements } from "./tenant-migrations.ts";
import type { TenantTarget } from "./tenant-migrations.ts";

/**
 * Runs a migration with `:concurrently` statement by statement, outside of a transaction, and then writes it down.
 * Repeated after a crash: an index that was left invalid is dropped first, since `if not exists` would keep it.
 *
 * @param book statements that go with it, in the transaction that writes it down
 */
export async function runConcurrently(
  client: PoolClient,
  ctx: FleetContext,
  target: TenantTarget,
  snapshot: TenantSnapshot,
  migration: Migration,
  book: readonly SqlStatement[],
): Promise<void> {
  const started = performance.now();
  // It waits for every transaction that is older, and holds up nobody meanwhile: longer than elsewhere, and not for ever.
  await oneByOne(client, [
    ...step("leaving the transaction", [
      `set role ${quoteIdentifier(ctx.roles.owner)}`,
      `set search_path = ${quoteIdentifier(tenantSchema(target.id))}, pg_temp`,
      "set lock_timeout = '5min'",
    ]),
    ...(await dropInvalidIndexes(client, target)),
    ...tenantStatements(
      ctx,
      snapshot.databaseName,
      target,
      migrationStatements("tenant", migration),
      "concurrently",
    ),
    ...step("coming back", ["reset role", "reset search_path", "reset lock_timeout"]),
  ]);
  const milliseconds = performance.now() - started;
  await inTransaction(client, { role: ctx.roles.owner, signal: ctx.signal }, () =>
    runStatements(client, [...book, ...bookMigrations(target, [migration], [milliseconds])]),
  );
}

async function dropInvalidIndexes(
  client: PoolClient,
  { id }: TenantTarget,
): Promise<SqlStatement[]> {
  const [found] = await runStatements(client, [
    fleetQuery("fleet/invalid-indexes", [tenantSchema(id)]),
  ]);
  const drops = found?.rows.map(({ name }) => `drop index concurrently if exists ${String(name)}`);
  return step("dropping an invalid index", drops ?? []);
}

/** Each after the one before has ended well: outside of a transaction nothing else would stop them. */
async function oneByOne(client: PoolClient, statements: readonly SqlStatement[]): Promise<void> {
  for (const statement of statements) await runStatements(client, [statement]);
}
