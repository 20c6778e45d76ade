import { sameValue } from "../../protocol/values.ts";
import type { CheckFailure } from "../../protocol/resource-handler.ts";
import type { Properties } from "../../protocol/values.ts";
import type { Databases, Sql } from "./databases.ts";
import { isKnown, listOf, textOf } from "./state-values.ts";
import { databaseOf, within } from "./within-database.ts";

/** Everyone, in PostgreSQL's words. */
export const PUBLIC = "public";

/** What can be granted on each kind of object; see GRANT in PostgreSQL's manual. `ALL` stands for all of them. */
const PRIVILEGES: Readonly<Record<string, readonly string[]>> = {
  database: ["CREATE", "CONNECT", "TEMPORARY"],
  schema: ["CREATE", "USAGE"],
  table: ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"],
  sequence: ["USAGE", "SELECT", "UPDATE"],
  function: ["EXECUTE"],
  type: ["USAGE"],
};

/** Privileges that the kind of object does not know. */
export function checkPrivileges(inputs: Properties): CheckFailure[] {
  const objectType = textOf(inputs, "objectType");
  const known = PRIVILEGES[objectType];
  if (!known) return [];
  return listOf(inputs, "privileges")
    .filter((privilege) => isKnown(privilege) && privilege !== "ALL" && !known.includes(privilege))
    .map((privilege) => ({
      property: "privileges",
      reason: `${JSON.stringify(privilege)} cannot be granted on a ${objectType}. Allowed: ALL, ${known.join(", ")}.`,
    }));
}

/**
 * The property `privileges` as the catalog has it: left out when it says the same as the state, where ALL stands
 * for every one of them.
 */
export function seenPrivileges(known: Properties, granted: readonly string[]): Properties {
  const declared = listOf(known, "privileges");
  const wanted = declared.includes("ALL")
    ? (PRIVILEGES[textOf(known, "objectType")] ?? [])
    : declared;
  return sameValue([...granted].sort(), [...wanted].sort())
    ? {}
    : { privileges: [...granted].sort() };
}

/** Runs work unless the database, the role or the schema that the rights are about is gone. */
export async function whileThere<T>(
  databases: Databases,
  state: Properties,
  work: (sql: Sql) => Promise<T>,
): Promise<T | undefined> {
  if (!(await databases.exists(databaseOf(state, databases.config.database)))) return undefined;
  return within(databases, state, async (sql) => {
    const roles = [textOf(state, "role"), textOf(state, "owner")].filter(
      (role) => role !== "" && role !== PUBLIC,
    );
    const schemas = [textOf(state, "schema")].filter((name) => name !== "");
    const found = await sql.rows(
      `select from pg_roles where rolname = any($1)
       union all select from pg_namespace where nspname = any($2)`,
      [roles, schemas],
    );
    return found.length === new Set(roles).size + schemas.length ? work(sql) : undefined;
  });
}

/** The id of a role within an access control list: 0 stands for everyone. */
export const GRANTEE = `(case when $1 = '${PUBLIC}' then 0 else (select oid from pg_roles where rolname = $1) end)`;
