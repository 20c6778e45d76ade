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
    // A password that is no longer declared stays, as with the official plugin.
    changes(olds, planned, "password") &&
      textOf(planned, "password") !== "" &&
      `password ${quoteLiteral(textOf(planned, "password"))}`,
  ];
  return attributes.filter((attribute) => attribute !== false).join(" ");
}

/** GRANT and REVOKE that make a role a member of just these. */
export function membershipStatements(
  role: string,
  held: readonly string[],
  planned: Properties,
): string[] {
  const wanted = listOf(planned, "roles");
  const name = quoteIdentifier(role);
  return [
    ...held
      .filter((group) => !wanted.includes(group))
      .map((group) => `revoke ${quoteIdentifier(group)} from ${name}`),
    ...wanted
      .filter((group) => !held.includes(group))
      .map((group) => `grant ${quoteIdentifier(group)} to ${name}`),
  ];
}

/** ALTER ROLE ... SET of the settings that differ. */
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
  return sameValue(listOf(olds, "searchPaths"), listOf(planned, "searchPaths"))
    ? timeouts
    : [`${alter} set search_path to ${searchPath || "default"}`, ...timeouts];
}
