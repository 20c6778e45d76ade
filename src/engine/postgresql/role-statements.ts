import { quoteIdentifier, quoteLiteral } from "../../core/identifier.ts";
import { sameValue } from "../../protocol/values.ts";
import type { Properties } from "../../protocol/values.ts";
import { listOf, textOf } from "./state-values.ts";

/** The attributes that are on or off, with PostgreSQL's word for each; NO before it turns it off. */
const FLAGS = {
  superuser: "superuser",
  createDatabase: "createdb",
  createRole: "createrole",
  inherit: "inherit",
  login: "login",
  replication: "replication",
  bypassRowLevelSecurity: "bypassrls",
};

/** The settings of a role's sessions that are properties. */
const TIMEOUTS = {
  statementTimeout: "statement_timeout",
  idleInTransactionSessionTimeout: "idle_in_transaction_session_timeout",
};

const changes = (olds: Properties, planned: Properties, name: string): boolean =>
  !sameValue(olds[name] ?? null, planned[name] ?? null);

/** The attributes of CREATE ROLE and ALTER ROLE that differ; without `olds`, all of them. */
export function roleAttributes(planned: Properties, olds: Properties = {}): string {
  const flags = Object.entries(FLAGS)
    .filter(([name]) => changes(olds, planned, name))
    .map(([name, word]) => (planned[name] === true ? word : `no${word}`));
  const attributes = [
    ...flags,
    changes(olds, planned, "connectionLimit") &&
      `connection limit ${Number(planned.connectionLimit)}`,
    changes(olds, planned, "validUntil") &&
      `valid until ${quoteLiteral(textOf(planned, "validUntil"))}`,
    // A password that is no longer declared stays, as with the official plugin. Renaming clears an md5 one.
    (changes(olds, planned, "password") || changes(olds, planned, "name")) &&
      textOf(planned, "password") !== "" &&
      `password ${quoteLiteral(textOf(planned, "password"))}`,
  ];
  return attributes.filter((attribute) => attribute !== false).join(" ");
}

/**
 * GRANT and REVOKE that make a role a member of just these. All are granted anew, so that the options of a membership,
 * which no property shows, are PostgreSQL's defaults.
 */
export function membershipStatements(
  role: string,
  held: readonly string[],
  planned: Properties,
): string[] {
  const name = quoteIdentifier(role);
  return [
    ...held.map((group) => `revoke ${quoteIdentifier(group)} from ${name}`),
    ...listOf(planned, "roles").map((group) => `grant ${quoteIdentifier(group)} to ${name}`),
  ];
}

/** ALTER ROLE ... SET of the search path, and of the other settings where they differ. */
export function settingStatements(role: string, olds: Properties, planned: Properties): string[] {
  const alter = `alter role ${quoteIdentifier(role)}`;
  const searchPath = listOf(planned, "searchPaths").map(quoteIdentifier).join(", ");
  const timeouts = Object.entries(TIMEOUTS)
    .filter(([name]) => Number(olds[name] ?? 0) !== Number(planned[name] ?? 0))
    .map(([name, setting]) =>
      planned[name]
        ? `${alter} set ${setting} to ${Number(planned[name])}`
        : `${alter} reset ${setting}`,
    );
  const assumed = textOf(planned, "assumeRole");
  const assuming =
    assumed === "" ? `${alter} reset role` : `${alter} set role to ${quoteIdentifier(assumed)}`;
  return [
    `${alter} set search_path to ${searchPath || "default"}`,
    ...timeouts,
    ...(textOf(olds, "assumeRole") === assumed ? [] : [assuming]),
  ];
}
