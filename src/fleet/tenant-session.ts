import type { ClientBase, PoolClient } from "pg";
import { TenantryError } from "../core/errors.ts";
import { tenantSchema } from "../core/names.ts";
import type { TenantOwner } from "../core/tenant-statements.ts";
import type { TenantSnapshot } from "../core/tenant-snapshot.ts";
import { takeLock } from "../postgres/advisory-lock.ts";
import { retryContention } from "../postgres/retry-contention.ts";
import { runStatements } from "../postgres/run-statements.ts";
import { sqlstateOf } from "../postgres/sql-error.ts";
import { SQLSTATE } from "../postgres/sqlstate.ts";
import { inTransaction } from "../postgres/with-transaction.ts";
import { withClient } from "../postgres/with-client.ts";
import type { FleetContext } from "./context.ts";
import type { DatabaseContext } from "./database-context.ts";
import { fleetQuery } from "./fleet-query.ts";

/** The name of a tenant's advisory lock. */
export const tenantLock = (id: string): string => `tenant ${id}`;

/**
 * Runs work in one transaction of the owner role under the tenant's lock, and again when it lost a lock to others.
 *
 * @param what for messages: what is done
 * @param attempts as in `retryContention`
 */
export function withTenant<T>(
  ctx: DatabaseContext,
  id: string,
  what: string,
  work: (client: PoolClient, snapshot: TenantSnapshot) => Promise<T>,
  attempts?: number,
): Promise<T> {
  return retryContention(
    `${what} ${id}`,
    ctx.signal,
    () => withClient(ctx.pool, (client) => inTenant(client, ctx, id, work)),
    attempts,
  );
}

/** The same on a connection that is lent already, once. */
export function inTenant<T>(
  client: PoolClient,
  ctx: DatabaseContext,
  id: string,
  work: (client: PoolClient, snapshot: TenantSnapshot) => Promise<T>,
): Promise<T> {
  return inTransaction(client, { role: ctx.roles.owner, signal: ctx.signal }, async () => {
    await takeLock(client, tenantLock(id), "transaction", ctx.signal);
    return work(client, await inspectTenant(client, ctx, id));
  });
}

/**
 * All that is decided upon when something is done with a tenant.
 *
 * @throws {TenantryError} TNT-415 when the database has no books, TNT-440 when they are of an older form.
 */
export async function inspectTenant(
  client: ClientBase,
  ctx: DatabaseContext,
  id: string,
): Promise<TenantSnapshot> {
  try {
    const [result, shared] = await runStatements(client, [
      fleetQuery("fleet/inspect-tenant", [id]),
      fleetQuery("partitions/of-key", [ctx.partitionKey, tenantSchema(id), ""]),
    ]);
    return { ...result?.rows[0], sharedTables: shared?.rows } as unknown as TenantSnapshot;
  } catch (cause) {
    throw olderBooks(ctx, cause);
  }
}

/** An error that says what to do when tables of the platform are missing. */
export function withoutBooks(ctx: DatabaseContext, cause: unknown): unknown {
  const missing: readonly (string | undefined)[] = [
    SQLSTATE.undefinedTable,
    SQLSTATE.invalidSchemaName,
  ];
  if (!missing.includes(sqlstateOf(cause))) return cause;
  const database = ctx.pool.options.database ?? "";
  return new TenantryError("TNT-415", { database }, { cause });
}

/** The same when the books are there, and lack what a newer migration of theirs brings. */
export function olderBooks(ctx: DatabaseContext, cause: unknown): unknown {
  const lacking: readonly (string | undefined)[] = [
    SQLSTATE.undefinedFunction,
    SQLSTATE.undefinedColumn,
  ];
  if (!lacking.includes(sqlstateOf(cause))) return withoutBooks(ctx, cause);
  return new TenantryError("TNT-440", { database: ctx.pool.options.database ?? "" }, { cause });
}

/** Whose tenants those of a context are. */
export const ownerOf = ({ stack, roles }: FleetContext, key: string): TenantOwner => ({
  key,
  stack,
  roles,
});
