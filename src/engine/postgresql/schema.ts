import { quoteIdentifier } from "../../core/identifier.ts";
import type { Properties } from "../../protocol/values.ts";
import type { Sql } from "./databases.ts";
import type { ObjectType } from "./object-type.ts";
import { isKnown, textOf } from "./state-values.ts";
import { databaseOf, within } from "./within-database.ts";

const nameOf = (state: Properties): string => textOf(state, "name");

const FIND = "select pg_get_userbyid(nspowner) as owner from pg_namespace where nspname = $1";

const find = async (sql: Sql, state: Properties): Promise<{ owner: string } | undefined> =>
  (await sql.rows<{ owner: string }>(FIND, [nameOf(state)]))[0];

/** A schema of one database. It is removed only when empty, unless `dropCascade` says otherwise. */
export const schema: ObjectType = {
  token: "postgresql:index/schema:Schema",
  deleteBeforeReplace: true,
  properties: {
    name: { kind: "text", required: true },
    database: { kind: "text", computed: true, replaces: true },
    owner: { kind: "text", computed: true },
    ifNotExists: { kind: "flag", default: true },
    dropCascade: { kind: "flag", default: false },
    policies: { kind: "set", computed: true, fixed: true, originalName: "policy" },
  },
  describe: (state) => `schema "${nameOf(state)}"`,
  id: (state, database) => `${databaseOf(state, database)}.${nameOf(state)}`,

  // With ifNotExists the program itself says that a schema which is there already will do.
  exists: async (databases, planned) =>
    planned.ifNotExists !== true &&
    (await within(databases, planned, async (sql) => (await find(sql, planned)) !== undefined)),

  create: (databases, planned) =>
    within(databases, planned, async (sql) => {
      const name = quoteIdentifier(nameOf(planned));
      const owner = isKnown(planned.owner) && quoteIdentifier(textOf(planned, "owner"));
      if (!(await find(sql, planned)))
        await sql.rows(`create schema ${name}${owner ? ` authorization ${owner}` : ""}`);
      else if (owner) await sql.rows(`alter schema ${name} owner to ${owner}`);
    }),

  read: async (databases, known) => {
    const database = databaseOf(known, databases.config.database);
    if (!(await databases.exists(database))) return undefined;
    const found = await within(databases, known, (sql) => find(sql, known));
    return found && { ...found, database, policies: [] };
  },

  update: (databases, olds, planned) =>
    within(databases, planned, async (sql) => {
      const name = quoteIdentifier(nameOf(planned));
      if (nameOf(olds) !== nameOf(planned))
        await sql.rows(`alter schema ${quoteIdentifier(nameOf(olds))} rename to ${name}`);
      if (olds.owner !== planned.owner)
        await sql.rows(
          `alter schema ${name} owner to ${quoteIdentifier(textOf(planned, "owner"))}`,
        );
    }),

  remove: async (databases, olds) => {
    if (!(await databases.exists(databaseOf(olds, databases.config.database)))) return;
    const mode = olds.dropCascade === true ? "cascade" : "restrict";
    await within(databases, olds, (sql) =>
      sql.rows(`drop schema if exists ${quoteIdentifier(nameOf(olds))} ${mode}`),
    );
  },
};
