import { quoteIdentifier } from "../../core/identifier.ts";
import type { Properties } from "../../protocol/values.ts";
import type { Sql } from "./databases.ts";
import type { ObjectType } from "./object-type.ts";
import { GRANTEE, checkPrivileges, seenPrivileges, whileThere } from "./privileges.ts";
import { listOf, textOf } from "./state-values.ts";
import { within } from "./within-database.ts";

/** What the rights are on, for GRANT: `schema "central"`. */
const target = (state: Properties): string => {
  const objectType = textOf(state, "objectType");
  return `${objectType} ${quoteIdentifier(textOf(state, objectType))}`;
};

const CATALOG: Readonly<Record<string, string>> = {
  database: "select aclexplode(datacl) from pg_database where datname = $2",
  schema: "select aclexplode(nspacl) from pg_namespace where nspname = $2",
};

async function revoke(sql: Sql, state: Properties): Promise<void> {
  const role = quoteIdentifier(textOf(state, "role"));
  await sql.rows(`revoke all privileges on ${target(state)} from ${role}`);
}

async function give(sql: Sql, state: Properties): Promise<void> {
  const privileges = listOf(state, "privileges");
  if (privileges.length === 0) return;
  const option = state.withGrantOption === true ? " with grant option" : "";
  await sql.rows(
    `grant ${privileges.join(", ")} on ${target(state)} to ${quoteIdentifier(textOf(state, "role"))}${option}`,
  );
}

/** All rights of one role on one database or schema: exactly these, in one transaction. None revokes all. */
export const grant: ObjectType = {
  token: "postgresql:index/grant:Grant",
  deleteBeforeReplace: true,
  properties: {
    role: { kind: "text", required: true, replaces: true },
    database: { kind: "text", required: true, replaces: true },
    schema: { kind: "text", replaces: true },
    objectType: { kind: "text", required: true, replaces: true, allowed: ["database", "schema"] },
    privileges: { kind: "set", required: true },
    withGrantOption: { kind: "flag", default: false, replaces: true },
    objects: { kind: "set", replaces: true, fixed: true },
    columns: { kind: "set", replaces: true, fixed: true },
  },
  check: (inputs) => [
    ...checkPrivileges(inputs),
    ...(inputs.objectType === "schema" && inputs.schema === undefined
      ? [{ property: "schema", reason: "The schema is missing. Say which one the rights are on." }]
      : []),
  ],
  describe: (state) => `the grant on ${target(state)} to "${textOf(state, "role")}"`,
  id: (state) =>
    ["role", "database", ...(state.objectType === "schema" ? ["schema"] : []), "objectType"]
      .map((name) => textOf(state, name))
      .join("_"),

  create: (databases, planned) =>
    within(databases, planned, async (sql) => {
      await revoke(sql, planned);
      await give(sql, planned);
    }),

  read: (databases, known) =>
    whileThere(databases, known, async (sql) => {
      const objectType = textOf(known, "objectType");
      const granted = await sql.rows<{ privilege: string }>(
        `select distinct (item).privilege_type as privilege
         from (${CATALOG[objectType] ?? ""}) acl(item) where (item).grantee = ${GRANTEE}`,
        [textOf(known, "role"), textOf(known, objectType)],
      );
      return seenPrivileges(
        known,
        granted.map(({ privilege }) => privilege),
      );
    }),

  update: (databases, _olds, planned) =>
    within(databases, planned, async (sql) => {
      await revoke(sql, planned);
      await give(sql, planned);
    }),

  remove: async (databases, olds) => {
    await whileThere(databases, olds, (sql) => revoke(sql, olds));
  },
};
