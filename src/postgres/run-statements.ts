import type { ClientBase, QueryResult } from "pg";
import type { SqlStatement } from "../core/sql-statement.ts";
import { toSqlError } from "./sql-error.ts";

/** What a statement gave, and how long after the one before it ended. */
export interface StatementResult extends QueryResult<Record<string, unknown>> {
  readonly milliseconds: number;
}

/**
 * Sends statements in one go, without waiting for each reply; PostgreSQL runs them in order. Only for statements in
 * a transaction: the ones after a failed one fail too, and the first failure is the one that counts.
 *
 * @throws {TenantryError} TNT-506 with file, line, caret and SQLSTATE of the statement that failed.
 */
export async function runStatements(
  client: ClientBase,
  statements: readonly SqlStatement[],
): Promise<StatementResult[]> {
  let last = performance.now();
  const run = async ({ text, values }: SqlStatement): Promise<StatementResult> => {
    const result = await client.query<Record<string, unknown>>(text, values && [...values]);
    const now = performance.now();
    const milliseconds = now - last;
    last = now;
    return { ...result, milliseconds };
  };
  if (!isPipelined(client)) return inTurn(statements, run);
  const settled = await Promise.allSettled(statements.map(run));
  return settled.map((outcome, index) => {
    if (outcome.status === "fulfilled") return outcome.value;
    const statement = statements[index];
    throw statement === undefined ? outcome.reason : toSqlError(statement, outcome.reason);
  });
}

/** A connection that streams rows waits for each reply. */
const isPipelined = (client: ClientBase): boolean =>
  (client as { pipeline?: boolean }).pipeline === true;

async function inTurn(
  statements: readonly SqlStatement[],
  run: (statement: SqlStatement) => Promise<StatementResult>,
): Promise<StatementResult[]> {
  const results: StatementResult[] = [];
  for (const statement of statements)
    try {
      results.push(await run(statement));
    } catch (cause) {
      throw toSqlError(statement, cause);
    }
  return results;
}
