import type { Pool } from "pg";
import { TenantryError } from "../../core/errors.ts";
import type { SqlStatement } from "../../core/sql-statement.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import { sqlstateOf } from "../../postgres/sql-error.ts";
import { SQLSTATE } from "../../postgres/sqlstate.ts";
import { withClient } from "../../postgres/with-client.ts";
import { fleetQuery } from "../fleet-query.ts";

/** What looking at a database needs: the monitor's login, and nothing of the administrator's. */
export interface MonitorContext {
  /** Connections of the monitor role; `plain` ones, where the server's own settings are looked at. */
  readonly pool: Pool;
  /** Whose tenants these are, as in the registry: `<project>/<stack>`. */
  readonly stack: string;
  /** Ends a query that is under way. */
  readonly signal?: AbortSignal;
}

/** What a query looks at, of all that there is. */
interface MonitorLimits {
  /** One schema. */
  readonly schema?: string;
  /** From a moment on, ISO 8601. */
  readonly since?: string;
}

/** How often it is tried again when a relation vanished while it was measured. */
const ATTEMPTS = 3;

/** What PostgreSQL answers when a relation is dropped, or held exclusively, while it is measured. */
const VANISHED: readonly (string | undefined)[] = [
  SQLSTATE.internalError,
  SQLSTATE.lockNotAvailable,
];
const WITHOUT_VIEWS: readonly (string | undefined)[] = [
  SQLSTATE.undefinedTable,
  SQLSTATE.invalidSchemaName,
  SQLSTATE.undefinedFunction,
  SQLSTATE.insufficientPrivilege,
];

/**
 * Runs queries of sql/monitor in one read-only transaction; the rows of each. A tenant that is dropped meanwhile is no
 * error: PostgreSQL tells its relations as not there, or the queries run once more.
 *
 * @param names of the files
 * @param limits what the queries are limited to, where they can be; their comments say how
 * @throws {TenantryError} TNT-401 and those of `withClient` when PostgreSQL cannot be reached; TNT-870 when the monitor
 *   may not read its views of the books
 */
export async function readMonitor<T extends readonly unknown[]>(
  ctx: MonitorContext,
  names: readonly string[],
  limits: MonitorLimits = {},
): Promise<{ [K in keyof T]: T[K][] }> {
  const results = await runAsMonitor(ctx, [
    step("set transaction read only"),
    ...Object.entries(limits).map(([name, value]) =>
      step("select set_config($1, $2, true)", [`tenantry.${name}`, value]),
    ),
    ...names.map((name) => fleetQuery(`monitor/${name}`)),
  ]);
  return results.slice(-names.length) as { [K in keyof T]: T[K][] };
}

/**
 * Runs statements in one transaction as the monitor, once more when a relation vanished meanwhile; the rows of each.
 *
 * @throws {TenantryError} as `readMonitor`
 */
export async function runAsMonitor(
  ctx: MonitorContext,
  work: readonly SqlStatement[],
): Promise<unknown[][]> {
  const statements = [
    step("begin"),
    // Measuring a table waits for whoever holds it.
    step("set local lock_timeout = '4s'"),
    // Sorting what ten thousand tenants hold, without the disk.
    step("set local work_mem = '64MB'"),
    step("set local jit = off"),
    ...work,
    step("commit"),
  ];
  for (let attempt = 1; ; attempt += 1) {
    try {
      const results = await withClient(ctx.pool, async (client) => {
        ctx.signal?.throwIfAborted();
        // The connection is the only thing that ends a query from here.
        const end = (): void => void (client as unknown as { end: () => Promise<void> }).end();
        ctx.signal?.addEventListener("abort", end);
        try {
          return await runStatements(client, statements);
        } finally {
          ctx.signal?.removeEventListener("abort", end);
        }
      });
      return results.slice(4, -1).map(({ rows }) => rows);
    } catch (cause) {
      ctx.signal?.throwIfAborted();
      const state = sqlstateOf(cause);
      if (attempt < ATTEMPTS && VANISHED.includes(state)) continue;
      if (!WITHOUT_VIEWS.includes(state)) throw cause;
      const { database = "", user = "" } = ctx.pool.options;
      throw new TenantryError("TNT-870", { database, user }, { cause });
    }
  }
}

const step = (text: string, values?: readonly unknown[]): SqlStatement => ({
  text,
  file: "looking at the database",
  ...(values && { values }),
});
