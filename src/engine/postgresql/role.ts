import { quoteIdentifier } from "../../core/identifier.ts";
import type { Databases, Sql } from "./databases.ts";
import type { ObjectType } from "./object-type.ts";
import { settingProperties } from "./role-settings.ts";
import { membershipStatements, roleAttributes, settingStatements } from "./role-statements.ts";
import { listOf, textOf } from "./state-values.ts";

const nameOf = (state: Parameters<typeof textOf>[0]): string => textOf(state, "name");

/** Roles belong to the cluster: any database will do. */
const inCluster = <T>(databases: Databases, work: (sql: Sql) => Promise<T>): Promise<T> =>
  databases.transaction(databases.config.database, work);

const FIND = `
select rolname as name, rolsuper as superuser, rolinherit as inherit, rolcreaterole as "createRole",
       rolcreatedb as "createDatabase", rolcanlogin as login, rolreplication as replication,
       rolbypassrls as "bypassRowLevelSecurity", rolconnlimit as "connectionLimit",
       coalesce(rolvaliduntil::text, 'infinity') as "validUntil", coalesce(rolconfig, '{}') as settings,
       array(select distinct pg_get_userbyid(roleid)::text collate "C"
             from pg_auth_members where member = r.oid order by 1) as roles
from pg_roles r where rolname = $1`;

interface FoundRole {
  readonly name: string;
  readonly login: boolean;
  readonly roles: readonly string[];
  /** `name=value` */
  readonly settings: readonly string[];
}

const find = async (sql: Sql, name: string): Promise<FoundRole | undefined> =>
  (await sql.rows<FoundRole>(FIND, [name]))[0];

/** A role, its memberships and its sessions' settings. */
export const role: ObjectType = {
  token: "postgresql:index/role:Role",
  deleteBeforeReplace: true,
  properties: {
    name: { kind: "text", required: true },
    password: { kind: "text", secret: true, form: /^(SCRAM-SHA-256\$|md5)/ },
    roles: { kind: "set" },
    login: { kind: "flag", default: false },
    superuser: { kind: "flag", default: false },
    createDatabase: { kind: "flag", default: false },
    createRole: { kind: "flag", default: false },
    inherit: { kind: "flag", default: true },
    replication: { kind: "flag", default: false },
    bypassRowLevelSecurity: { kind: "flag", default: false },
    connectionLimit: { kind: "integer", default: -1, minimum: -1 },
    validUntil: { kind: "text", default: "infinity" },
    searchPaths: { kind: "list", originalName: "search_path" },
    statementTimeout: { kind: "integer" },
    idleInTransactionSessionTimeout: { kind: "integer" },
    encryptedPassword: { kind: "flag", default: true, fixed: true },
    skipDropRole: { kind: "flag", default: false },
    skipReassignOwned: { kind: "flag", default: false },
    assumeRole: { kind: "text" },
    encrypted: { kind: "text", fixed: true },
    passwordWo: { kind: "text", secret: true, fixed: true },
    passwordWoVersion: { kind: "text", fixed: true },
  },
  check: (inputs) =>
    listOf(inputs, "searchPaths")
      .filter((name) => name.includes(", "))
      .map((name) => ({
        property: "searchPaths",
        reason: `${JSON.stringify(name)} cannot be told from two names when it is read again. Name each schema by itself.`,
      })),
  describe: (state) => `role "${nameOf(state)}"`,
  id: nameOf,

  exists: (databases, planned) =>
    inCluster(databases, async (sql) => (await find(sql, nameOf(planned))) !== undefined),

  create: (databases, planned) =>
    inCluster(databases, async (sql) => {
      const name = nameOf(planned);
      await sql.rows(`create role ${quoteIdentifier(name)} ${roleAttributes(planned)}`);
      for (const statement of membershipStatements(name, [], planned)) await sql.rows(statement);
      for (const statement of settingStatements(name, {}, planned)) await sql.rows(statement);
    }),

  read: (databases, known) =>
    inCluster(databases, async (sql) => {
      const found = await find(sql, nameOf(known));
      if (!found) return undefined;
      const { settings, ...seen } = found;
      // Superusers alone may see passwords, and one that was never declared is not looked at.
      const readsPassword =
        databases.config.superuser && found.login && textOf(known, "password") !== "";
      const password = readsPassword
        ? await sql.rows<{ password: string }>(
            "select coalesce(passwd, '') as password from pg_shadow where usename = $1",
            [found.name],
          )
        : [];
      return {
        ...seen,
        ...password[0],
        ...settingProperties(settings),
      };
    }),

  update: (databases, olds, planned) =>
    inCluster(databases, async (sql) => {
      const name = nameOf(planned);
      const quoted = quoteIdentifier(name);
      if (nameOf(olds) !== name)
        await sql.rows(`alter role ${quoteIdentifier(nameOf(olds))} rename to ${quoted}`);
      const attributes = roleAttributes(planned, olds);
      if (attributes !== "") await sql.rows(`alter role ${quoted} ${attributes}`);
      // What it is a member of by now counts, not what it was at the last look.
      const held = (await find(sql, name))?.roles ?? [];
      for (const statement of membershipStatements(name, held, planned)) await sql.rows(statement);
      for (const statement of settingStatements(name, olds, planned)) await sql.rows(statement);
    }),

  remove: (databases, olds) =>
    inCluster(databases, async (sql) => {
      if (!(await find(sql, nameOf(olds)))) return;
      const name = quoteIdentifier(nameOf(olds));
      if (olds.skipReassignOwned !== true) {
        // Who is no superuser takes over only what is its own: it becomes a member first, until the role is gone.
        if (!databases.config.superuser && nameOf(olds) !== databases.config.user)
          await sql.rows(`grant ${name} to current_user with inherit true, set true`);
        await sql.rows(`reassign owned by ${name} to current_user`);
        await sql.rows(`drop owned by ${name}`);
      }
      if (olds.skipDropRole !== true) await sql.rows(`drop role ${name}`);
    }),
};
