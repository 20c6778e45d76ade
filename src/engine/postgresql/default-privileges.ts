import { quoteIdentifier } from "../../core/identifier.ts";
import type { Properties } from "../../protocol/values.ts";
import type { Databases, Sql } from "./databases.ts";
import type { ObjectType } from "./object-type.ts";
import { GRANTEE, PUBLIC, checkPrivileges, seenPrivileges, whileThere } from "./privileges.ts";
import { listOf, textOf } from "./state-values.ts";
import { within } from "./within-database.ts";

/** The letters of `pg_default_acl.defaclobjtype`. */
const LETTERS: Readonly<Record<string, string>> = {
  table: "r",
  sequence: "S",
  function: "f",
  type: "T",
};

const FIND = `
select distinct (item).privilege_type as privilege
from (select aclexplode(defaclacl) from pg_default_acl
      where defaclobjtype = $2 and defaclrole = (select oid from pg_roles where rolname = $3)
        and defaclnamespace = coalesce((select oid from pg_namespace where nspname = $4), 0)) acl(item)
where (item).grantee = ${GRANTEE}`;

const alter = (state: Properties): string => {
  const schema = textOf(state, "schema");
  const inSchema = schema === "" ? "" : ` in schema ${quoteIdentifier(schema)}`;
  return `alter default privileges for role ${quoteIdentifier(textOf(state, "owner"))}${inSchema}`;
};

async function revoke(sql: Sql, state: Properties): Promise<void> {
  const role = quoteIdentifier(textOf(state, "role"));
  await sql.rows(`${alter(state)} revoke all on ${textOf(state, "objectType")}s from ${role}`);
}

const set = (databases: Databases, planned: Properties): Promise<void> =>
  within(databases, planned, async (sql) => {
    await revoke(sql, planned);
    const privileges = listOf(planned, "privileges");
    if (privileges.length === 0) return;
    const option = planned.withGrantOption === true ? " with grant option" : "";
    const role = quoteIdentifier(textOf(planned, "role"));
    await sql.rows(
      `${alter(planned)} grant ${privileges.join(", ")} on ${textOf(planned, "objectType")}s to ${role}${option}`,
    );
  });

/** The rights that one role will have on whatever another creates: exactly these. */
export const defaultPrivileges: ObjectType = {
  token: "postgresql:index/defaultPrivileges:DefaultPrivileges",
  deleteBeforeReplace: false,
  properties: {
    role: { kind: "text", required: true, replaces: true },
    database: { kind: "text", required: true, replaces: true },
    owner: { kind: "text", required: true, replaces: true },
    schema: { kind: "text", replaces: true },
    objectType: { kind: "text", required: true, replaces: true, allowed: Object.keys(LETTERS) },
    privileges: { kind: "set", required: true },
    withGrantOption: { kind: "flag", default: false, replaces: true },
  },
  check: (inputs) => [
    ...checkPrivileges(inputs),
    ...(inputs.withGrantOption === true && textOf(inputs, "role").toLowerCase() === PUBLIC
      ? [
          {
            property: "withGrantOption",
            reason: "Only a role can hand rights on, and public is none. Leave it out.",
          },
        ]
      : []),
  ],
  describe: (state) =>
    `the default privileges on ${textOf(state, "objectType")}s of "${textOf(state, "owner")}" for "${textOf(state, "role")}"`,
  id: (state) =>
    [
      textOf(state, "role"),
      textOf(state, "database"),
      textOf(state, "schema") || "noschema",
      textOf(state, "owner"),
      textOf(state, "objectType"),
    ].join("_"),

  create: set,
  update: (databases, _olds, planned) => set(databases, planned),

  read: (databases, known) =>
    whileThere(databases, known, async (sql) => {
      const granted = await sql.rows<{ privilege: string }>(FIND, [
        textOf(known, "role"),
        LETTERS[textOf(known, "objectType")],
        textOf(known, "owner"),
        textOf(known, "schema"),
      ]);
      if (granted.length === 0 && listOf(known, "privileges").length > 0) return undefined;
      return seenPrivileges(
        known,
        granted.map(({ privilege }) => privilege),
      );
    }),

  remove: async (databases, olds) => {
    await whileThere(databases, olds, (sql) => revoke(sql, olds));
  },
};
