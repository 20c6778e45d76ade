import type { ClientBase } from "pg";
import type { SqlStatement } from "../core/sql-statement.ts";
import { runStatements } from "../postgres/run-statements.ts";

/** Runs queries in one go; the rows of each. */
export async function readAll<T extends readonly unknown[]>(
  client: ClientBase,
  statements: readonly SqlStatement[],
): Promise<{ [K in keyof T]: T[K][] }> {
  const results = await runStatements(client, statements);
  return results.map(({ rows }) => rows) as unknown as { [K in keyof T]: T[K][] };
}
