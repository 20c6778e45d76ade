import { quoteIdentifier, quoteLiteral } from "../../core/identifier.ts";
import type { Properties } from "../../protocol/values.ts";
import type { Databases, Sql } from "./databases.ts";
import type { ObjectType } from "./object-type.ts";
import { isKnown, textOf } from "./state-values.ts";

const nameOf = (state: Properties): string => textOf(state, "name");

/** CREATE, ALTER and DROP DATABASE run outside of any transaction, and from another database. */
const beside = <T>(databases: Databases, work: (sql: Sql) => Promise<T>): Promise<T> =>
  databases.plain(databases.config.database, work);

const FIND = `
select datname as name, pg_get_userbyid(datdba) as owner, pg_encoding_to_char(encoding) as encoding,
       datcollate as "lcCollate", datctype as "lcCtype", spcname as "tablespaceName",
       datconnlimit as "connectionLimit", datallowconn as "allowConnections", datistemplate as "isTemplate"
from pg_database d join pg_tablespace t on t.oid = dattablespace where datname = $1`;

/** A database. Removing it ends the sessions in it. */
export const database: ObjectType = {
  token: "postgresql:index/database:Database",
  deleteBeforeReplace: true,
  properties: {
    name: { kind: "text", required: true },
    owner: { kind: "text", computed: true },
    encoding: { kind: "text", computed: true, replaces: true },
    lcCollate: { kind: "text", computed: true, replaces: true },
    lcCtype: { kind: "text", computed: true, replaces: true },
    template: { kind: "text", computed: true, replaces: true },
    connectionLimit: { kind: "integer", default: -1, minimum: -1 },
    allowConnections: { kind: "flag", default: true },
    isTemplate: { kind: "flag", computed: true },
    tablespaceName: { kind: "text", computed: true },
    alterObjectOwnership: { kind: "flag", default: false, fixed: true },
  },
  describe: (state) => `database "${nameOf(state)}"`,
  id: nameOf,

  exists: (databases, planned) => databases.exists(nameOf(planned)),

  create: (databases, planned) =>
    beside(databases, async (sql) => {
      const identifier = (word: string, property: string, otherwise?: string): string => {
        const value = isKnown(planned[property]) ? textOf(planned, property) : otherwise;
        return value === undefined ? "" : ` ${word} ${quoteIdentifier(value)}`;
      };
      const literal = (word: string, property: string, otherwise?: string): string => {
        const value = isKnown(planned[property]) ? textOf(planned, property) : otherwise;
        return value === undefined ? "" : ` ${word} ${quoteLiteral(value)}`;
      };
      await sql.rows(
        `create database ${quoteIdentifier(nameOf(planned))}` +
          identifier("owner", "owner") +
          identifier("template", "template", "template0") +
          literal("encoding", "encoding", "UTF8") +
          literal("lc_collate", "lcCollate") +
          literal("lc_ctype", "lcCtype") +
          identifier("tablespace", "tablespaceName") +
          ` allow_connections ${String(planned.allowConnections === true)}` +
          ` connection limit ${Number(planned.connectionLimit)}` +
          ` is_template ${String(planned.isTemplate === true)}`,
      );
    }),

  read: (databases, known) =>
    beside(databases, async (sql) => {
      const [found] = await sql.rows<Properties>(FIND, [nameOf(known)]);
      // PostgreSQL does not keep which template a database was made from.
      const template = isKnown(known.template) ? known.template : "template0";
      return found && { ...found, template };
    }),

  update: async (databases, olds, planned) => {
    const name = quoteIdentifier(nameOf(planned));
    const changes = (property: string): boolean => olds[property] !== planned[property];
    const renames = changes("name");
    if (renames) await databases.release(nameOf(olds));
    const statements = [
      renames && `alter database ${quoteIdentifier(nameOf(olds))} rename to ${name}`,
      changes("owner") &&
        `alter database ${name} owner to ${quoteIdentifier(textOf(planned, "owner"))}`,
      changes("tablespaceName") &&
        `alter database ${name} set tablespace ${quoteIdentifier(textOf(planned, "tablespaceName"))}`,
      changes("connectionLimit") &&
        `alter database ${name} connection limit ${Number(planned.connectionLimit)}`,
      changes("allowConnections") &&
        `alter database ${name} allow_connections ${String(planned.allowConnections === true)}`,
      changes("isTemplate") &&
        `alter database ${name} is_template ${String(planned.isTemplate === true)}`,
    ];
    await beside(databases, async (sql) => {
      for (const statement of statements) if (statement !== false) await sql.rows(statement);
    });
  },

  remove: async (databases, olds) => {
    if (!(await databases.exists(nameOf(olds)))) return;
    await databases.release(nameOf(olds));
    const name = quoteIdentifier(nameOf(olds));
    await beside(databases, async (sql) => {
      if (olds.isTemplate === true) await sql.rows(`alter database ${name} is_template false`);
      await sql.rows(`drop database ${name} with (force)`);
    });
  },
};
