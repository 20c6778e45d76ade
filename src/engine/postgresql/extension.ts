import { quoteIdentifier } from "../../core/identifier.ts";
import type { Properties } from "../../protocol/values.ts";
import type { Sql } from "./databases.ts";
import type { ObjectType } from "./object-type.ts";
import { isKnown, textOf } from "./state-values.ts";
import { databaseOf, within } from "./within-database.ts";

const nameOf = (state: Properties): string => textOf(state, "name");

const FIND = `
select nspname as schema, extversion as version
from pg_extension join pg_namespace n on n.oid = extnamespace where extname = $1`;

interface FoundExtension {
  readonly schema: string;
  readonly version: string;
}

const find = async (sql: Sql, state: Properties): Promise<FoundExtension | undefined> =>
  (await sql.rows<FoundExtension>(FIND, [nameOf(state)]))[0];

/** An extension of one database. */
export const extension: ObjectType = {
  token: "postgresql:index/extension:Extension",
  deleteBeforeReplace: true,
  properties: {
    name: { kind: "text", required: true, replaces: true },
    database: { kind: "text", computed: true, replaces: true },
    schema: { kind: "text", computed: true },
    version: { kind: "text", computed: true },
    createCascade: { kind: "flag", default: false },
    dropCascade: { kind: "flag", default: false },
  },
  describe: (state) => `extension "${nameOf(state)}"`,
  id: (state, database) => `${databaseOf(state, database)}.${nameOf(state)}`,

  exists: (databases, planned) =>
    within(databases, planned, async (sql) => (await find(sql, planned)) !== undefined),

  create: (databases, planned) =>
    within(databases, planned, async (sql) => {
      const option = (name: string): string =>
        isKnown(planned[name]) ? ` ${name} ${quoteIdentifier(textOf(planned, name))}` : "";
      const cascade = planned.createCascade === true ? " cascade" : "";
      await sql.rows(
        `create extension ${quoteIdentifier(nameOf(planned))}${option("schema")}${option("version")}${cascade}`,
      );
    }),

  read: async (databases, known) => {
    const database = databaseOf(known, databases.config.database);
    if (!(await databases.exists(database))) return undefined;
    const found = await within(databases, known, (sql) => find(sql, known));
    return found && { ...found, database };
  },

  update: (databases, olds, planned) =>
    within(databases, planned, async (sql) => {
      const alter = `alter extension ${quoteIdentifier(nameOf(planned))}`;
      if (olds.schema !== planned.schema)
        await sql.rows(`${alter} set schema ${quoteIdentifier(textOf(planned, "schema"))}`);
      if (olds.version !== planned.version)
        await sql.rows(`${alter} update to ${quoteIdentifier(textOf(planned, "version"))}`);
    }),

  remove: async (databases, olds) => {
    if (!(await databases.exists(databaseOf(olds, databases.config.database)))) return;
    const mode = olds.dropCascade === true ? "cascade" : "restrict";
    await within(databases, olds, (sql) =>
      sql.rows(`drop extension if exists ${quoteIdentifier(nameOf(olds))} ${mode}`),
    );
  },
};
