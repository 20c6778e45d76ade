import { quoteIdentifier, quoteLiteral } from "../../core/identifier.ts";
import type { Properties } from "../../protocol/values.ts";
import type { Databases, Sql } from "./databases.ts";
import type { ObjectType } from "./object-type.ts";
import { isKnown, textOf } from "./state-values.ts";

const nameOf = (state: Properties): string => textOf(state, "name");

/** CREATE, ALTER and DROP DATABASE run outside of any transaction, and from another database. */
const beside = <T>(databases: Databases, work: (sql: Sql) => Promise<T>): Promise<T> =>
  databases.plain(databases.config.database, work);

/** DEFAULT, in any case, stands for PostgreSQL's choice, as in the official plugin. */
const isDefault = (value: string): boolean => value.toUpperCase() === "DEFAULT";

const FIND = `
select datname as name, pg_get_userbyid(datdba) as owner, pg_encoding_to_char(encoding) as encoding,
       datcollate as "lcCollate", datctype as "lcCtype", spcname as "tablespaceName",
       datconnlimit as "connectionLimit", datallowconn as "allowConnections", datistemplate as "isTemplate"
from pg_database d join pg_tablespace t on t.oid = dattablespace where datname = $1`;

/** Gives to the planned owner all that the present one has in the database. */
async function reassign(databases: Databases, planned: Properties): Promise<void> {
  const [found] = await beside(databases, (sql) => sql.rows<Properties>(FIND, [nameOf(planned)]));
  const owner = textOf(planned, "owner");
  const present = found ? textOf(found, "owner") : owner;
  if (present !== owner)
    await databases.transaction(nameOf(planned), (sql) =>
      sql.rows(`reassign owned by ${quoteIdentifier(present)} to ${quoteIdentifier(owner)}`),
    );
}

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
    alterObjectOwnership: { kind: "flag", default: false },
  },
  describe: (state) => `database "${nameOf(state)}"`,
  id: nameOf,

  exists: (databases, planned) => databases.exists(nameOf(planned)),

  create: (databases, planned) =>
    beside(databases, async (sql) => {
      const option = (
        word: string,
        property: string,
        quote: (value: string) => string,
        otherwise?: string,
      ): string => {
        const value = isKnown(planned[property]) ? textOf(planned, property) : otherwise;
        return value === undefined ? "" : ` ${word} ${isDefault(value) ? "default" : quote(value)}`;
      };
      await sql.rows(
        `create database ${quoteIdentifier(nameOf(planned))}` +
          (isKnown(planned.owner) ? ` owner ${quoteIdentifier(textOf(planned, "owner"))}` : "") +
          option("template", "template", quoteIdentifier, "template0") +
          option("encoding", "encoding", quoteLiteral, "UTF8") +
          option("lc_collate", "lcCollate", quoteLiteral) +
          option("lc_ctype", "lcCtype", quoteLiteral) +
          option("tablespace", "tablespaceName", quoteIdentifier) +
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
    // Neither works while this plugin itself is connected.
    if (changes("name") || changes("tablespaceName")) await databases.release(nameOf(olds));
    const alter = (change: string): Promise<void> =>
      beside(databases, async (sql) => {
        await sql.rows(`alter database ${name} ${change}`);
      });
    if (changes("name"))
      await beside(databases, (sql) =>
        sql.rows(`alter database ${quoteIdentifier(nameOf(olds))} rename to ${name}`),
      );
    if (planned.alterObjectOwnership === true) await reassign(databases, planned);
    if (changes("owner")) await alter(`owner to ${quoteIdentifier(textOf(planned, "owner"))}`);
    // DEFAULT leaves it where it is: the official plugin, too, moves nothing then.
    if (changes("tablespaceName") && !isDefault(textOf(planned, "tablespaceName")))
      await alter(`set tablespace ${quoteIdentifier(textOf(planned, "tablespaceName"))}`);
    if (changes("connectionLimit"))
      await alter(`connection limit ${Number(planned.connectionLimit)}`);
    if (changes("allowConnections"))
      await alter(`allow_connections ${String(planned.allowConnections === true)}`);
    if (changes("isTemplate")) await alter(`is_template ${String(planned.isTemplate === true)}`);
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
