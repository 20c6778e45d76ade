import type { Pool, PoolClient } from "pg";
import { TenantryError } from "../core/errors.ts";
import { quoteIdentifier } from "../core/identifier.ts";
import { runStatements } from "./run-statements.ts";
import { sqlstateOf } from "./sql-error.ts";
import { SQLSTATE } from "./sqlstate.ts";
import { withClient } from "./with-client.ts";

/** How a transaction runs. */
interface TransactionOptions {
  /** The role it takes, for the transaction only. */
  readonly role: string;
  /** Aborted = rolled back, at the latest before the commit. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs work in one transaction on a connection of the pool; any error rolls it back. */
export function withTransaction<T>(
  pool: Pool,
  options: TransactionOptions,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  return withClient(pool, (client) => inTransaction(client, options, () => work(client)));
}

/**
 * Runs work in one transaction on a connection that is lent already. There is no rollback: the caller closes the
 * connection after an error (see `withClient`), which ends the transaction even when PostgreSQL no longer answers.
 *
 * @throws {TenantryError} TNT-442 when there is no such role
 */
export async function inTransaction<T>(
  client: PoolClient,
  { role, signal }: TransactionOptions,
  work: () => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  try {
    await runStatements(client, [
      { text: "begin", file: "beginning a transaction" },
      { text: `set local role ${quoteIdentifier(role)}`, file: "taking the owner role" },
    ]);
  } catch (cause) {
    if (sqlstateOf(cause) !== SQLSTATE.invalidParameterValue) throw cause;
    throw new TenantryError("TNT-442", { role }, { cause });
  }
  const result = await work();
  signal?.throwIfAborted();
  await runStatements(client, [{ text: "commit", file: "committing" }]);
  return result;
}
