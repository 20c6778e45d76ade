import { AsyncLocalStorage } from "node:async_hooks";
import type pg from "pg";
import { TenantryError } from "../core/errors.ts";
import type { ScopeQueryConfig } from "./scoped-query.ts";
import type { Row, ScopeTransaction, Transaction } from "./transaction.ts";

/** The scope that surrounds a call. */
interface OpenScope {
  /** Whose connection it uses. */
  readonly pool: object;
  readonly transaction: Transaction;
}

const storage = new AsyncLocalStorage<OpenScope>();

/** Runs work inside a scope, so that whatever it calls finds the scope. */
export function runInside<T>(scope: OpenScope, work: () => Promise<T>): Promise<T> {
  return storage.run(scope, work);
}

/** The scope that surrounds this call and has not ended. */
export function openScope(): OpenScope | undefined {
  const scope = storage.getStore();
  return scope?.transaction.ended === false ? scope : undefined;
}

/** The id of the tenant whose scope surrounds this call; undefined outside of one, and in that of the shared side. */
export function currentTenant(): string | undefined {
  return openScope()?.transaction.tenant ?? undefined;
}

/**
 * The transaction of the scope that surrounds this call.
 *
 * @throws {TenantryError} TNT-808 outside of a tenant's scope, TNT-810 when it has ended.
 */
export function currentTransaction(): ScopeTransaction {
  const transaction = storage.getStore()?.transaction;
  if (transaction === undefined || transaction.tenant === null)
    throw new TenantryError("TNT-808", {});
  if (transaction.ended)
    throw new TenantryError("TNT-810", { target: `tenant "${transaction.tenant}"` });
  return transaction;
}

/**
 * Runs one statement in the tenant's scope that surrounds this call, however deep below it.
 *
 * @throws {TenantryError} TNT-808 outside of a tenant's scope, and what `query` of a scope throws.
 */
export async function tenantQuery<R extends pg.QueryResultRow = Row>(
  sql: string | ScopeQueryConfig,
  values?: readonly unknown[],
): Promise<pg.QueryResult<R>> {
  return await currentTransaction().query<R>(sql, values);
}
