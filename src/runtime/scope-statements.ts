import { quoteIdentifier, quoteLiteral } from "../core/identifier.ts";
import { tenantSchema } from "../core/names.ts";
import { tenantRole } from "../core/tenant.ts";
import type { PoolIsolation } from "./pool-options.ts";
import type { ScopeStatement } from "./prepared-statements.ts";

/** What a scope is for: one tenant, or the side that all share. */
export type ScopeTarget =
  { readonly tenant: string; readonly isolation: PoolIsolation } | { readonly tenant: null };

/** How long a scope may take; in milliseconds, 0 = no limit. */
export interface ScopeTimeouts {
  readonly statementTimeoutMillis: number;
  /** Left out where the scope is one statement, which waits for no other. */
  readonly idleInTransactionTimeoutMillis?: number;
}

/**
 * Reading a setting of this name fails with 42704. It is how plain SQL refuses, before anything that follows in the
 * same message runs: a strict tenant's role may use no function of ours.
 */
export const REFUSED = "tenantry.refused";

/** What the transaction looks like inside a scope. */
function expected(target: ScopeTarget): { schema: string; path: string; role: string; id: string } {
  if (target.tenant === null)
    return {
      schema: "central",
      path: "central, parametros, pg_temp",
      role: "none",
      id: "",
    };
  if (target.isolation === "partitions")
    return {
      schema: "shared",
      path: "shared, parametros, public, pg_temp",
      role: "none",
      id: target.tenant,
    };
  const schema = tenantSchema(target.tenant);
  return {
    schema,
    // pg_temp is searched first unless it is named.
    path: `${quoteIdentifier(schema)}, parametros, public, pg_temp`,
    role: target.isolation === "strict" ? tenantRole(target.tenant) : "none",
    id: target.tenant,
  };
}

/**
 * The statements that turn a transaction to its target. First the session forgets the sequences that others used, of
 * which lastval() would tell; at a scope's end that would cost a round trip, since one statement alone ends with itself.
 */
export const enterStatements = (target: ScopeTarget, timeouts: ScopeTimeouts): ScopeStatement[] => [
  { text: "discard sequences" },
  enterStatement(target, timeouts),
];

/**
 * The statement that turns a transaction to its target, and refuses when it did not get there: a schema that is missing
 * or shut is left out of search_path without an error, and `public` would answer in its place. A value without a
 * partition would read nothing, also without an error. The columns of a row are computed from left to right; in any
 * other order this would refuse.
 */
function enterStatement(target: ScopeTarget, timeouts: ScopeTimeouts): ScopeStatement {
  const { schema, path, role, id } = expected(target);
  const { statementTimeoutMillis, idleInTransactionTimeoutMillis: idle } = timeouts;
  const isPartition = target.tenant !== null && target.isolation === "partitions";
  const texts = isPartition ? ENTER_PARTITION : ENTER;
  // A role's name is a value here, not an identifier.
  const values = [path, id, String(statementTimeoutMillis), role, schema];
  return idle === undefined
    ? { text: texts.once, values }
    : { text: texts.waiting, values: [...values, String(idle)] };
}

/** For a scope of one statement, and for one that may wait between two. */
const enterIf = (there: string): { readonly once: string; readonly waiting: string } => {
  const turn = (...settings: readonly (readonly [name: string, value: string])[]): string =>
    `select ${settings.map(([name, value]) => `set_config('${name}', ${value}, true)`).join(", ")}, case when (${there}) is not true then current_setting('${REFUSED}') end`;
  const path = ["search_path", "$1"] as const;
  const tenant = ["app.current_tenant", "$2"] as const;
  const statement = ["statement_timeout", "$3"] as const;
  const role = ["role", "$4"] as const;
  const idle = ["idle_in_transaction_session_timeout", "$6"] as const;
  return {
    once: turn(path, tenant, statement, role),
    waiting: turn(path, tenant, statement, idle, role),
  };
};

const ENTER = enterIf("current_schema() = $5");
const ENTER_PARTITION = enterIf("current_schema() = $5 and central.has_partition($2)");

/** The statement that refuses when the work turned the transaction to something else. */
export function assertStatement(target: ScopeTarget): ScopeStatement {
  const { schema, path, role, id } = expected(target);
  return { text: ASSERT, values: [schema, path, id, role === "none" ? null : role] };
}

const ASSERT = `select current_setting('${REFUSED}') where (${[
  "current_schema()",
  "current_setting('search_path')",
  "current_setting('app.current_tenant')",
  "current_user",
].join(", ")}) is distinct from ($1, $2, $3, coalesce($4, session_user))`;

/** The statement with its values in its text, for a message of several statements. */
export const withValues = ({ text, values = [] }: ScopeStatement): string =>
  text.replace(/\$(\d)/g, (_, number: string) => {
    const value = values[Number(number) - 1] ?? null;
    return value === null ? "null" : quoteLiteral(value);
  });

/**
 * Takes from a session what outlives a transaction: cursors, listening, prepared statements, settings, the role,
 * temporary tables, the last values of sequences, locks. DISCARD ALL does not run together with other statements.
 */
export const CLEAN_SESSION = [
  "close all",
  "unlisten *",
  "deallocate all",
  "reset all",
  "reset role",
  "discard temp",
  "discard sequences",
  "select pg_advisory_unlock_all()",
].join("; ");

const ROWS = new Set(["SELECT", "INSERT", "UPDATE", "DELETE", "MERGE"]);
const SESSION_FUNCTION = /set_config|advisory|pg_settings/i;

/**
 * Whether a statement may have left something in the session that outlives its transaction.
 *
 * @param command the command tag that the server gave
 */
export function leavesTraces(text: string, command: string | null): boolean {
  return (command !== null && !ROWS.has(command)) || SESSION_FUNCTION.test(text);
}

const TRANSACTION_CONTROL =
  /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*(begin|start\s+transaction|commit|end|abort|prepare\s+transaction|rollback(?!\s+(?:(?:work|transaction)\s+)?to\b))\b/i;

/** The word with which a statement would begin or end a transaction; undefined when it does not. */
export function transactionControl(text: string): string | undefined {
  return TRANSACTION_CONTROL.exec(text)?.[1]?.toUpperCase();
}
