import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type pg from "pg";
import { quoteIdentifier } from "../../src/core/identifier.ts";
import type { PartitionPlacement } from "../../src/core/partition.ts";
import {
  PLATFORM_SCHEMAS,
  platformDefaultGrants,
  platformGrants,
} from "../../src/core/privileges.ts";
import { DEFAULT_ROLES, platformRoles } from "../../src/core/roles.ts";
import type { RoleNames } from "../../src/core/roles.ts";
import type { TenantSpec } from "../../src/core/tenant.ts";
import { ArchiveStore } from "../../src/fleet/archive/store/archive-store.ts";
import { applyMigrations } from "../../src/fleet/apply-migrations.ts";
import type { FleetContext } from "../../src/fleet/context.ts";
import { createPool } from "../../src/postgres/pool.ts";
import { scratchDirectory } from "./cluster.ts";
import type { TestCluster } from "./cluster.ts";

/** The project's sql/. */
export const SQL_DIRECTORY = fileURLToPath(new URL("../../sql/", import.meta.url));

/** The password of each login role. */
export const ROLE_PASSWORD = "test-role-password";

/** A database as the Pulumi program prepares it, before the first tenant. */
export interface TestPlatform {
  readonly ctx: FleetContext;
  readonly database: string;
  readonly roles: RoleNames;
  /** The superuser, in this database. */
  readonly admin: pg.Client;
  /** What the superuser's query gives. */
  readonly rows: (sql: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;
  /** A client logged in as one of the login roles. */
  as: (role: string) => Promise<pg.Client>;
  /** What one of the login roles connects with. */
  login: (role: string) => Login;
  /** Ends every connection. */
  close: () => Promise<void>;
}

/** Where and how a role connects. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface PlatformOptions {
  /** Replaces the project's sql/. */
  readonly sqlDirectory?: string;
  readonly disposable?: boolean;
  /** Where partitions lie. Default: `tenants`. */
  readonly partitions?: PartitionPlacement;
  /** The areas to apply. Default: all. */
  readonly areas?: readonly ("books" | "central" | "parametros" | "shared")[];
}

/**
 * Prepares a new database in a cluster, with roles of its own. They belong to the whole cluster: on a shared one give
 * strict tenants, whose role has their name, an id that no other test has.
 */
export async function preparePlatform(
  cluster: TestCluster,
  {
    sqlDirectory = SQL_DIRECTORY,
    disposable = false,
    partitions = "tenants",
    areas = ["books", "central", "parametros", "shared"],
  }: PlatformOptions = {},
): Promise<TestPlatform> {
  const database = await cluster.createDatabase("platform");
  const admin = await cluster.connect({ database });
  const roles = rolesWithPrefix(database.slice("platform_".length));
  await admin.query(platformSql(roles, database, partitions).join(";\n"));
  const { host, port, user, password } = cluster;
  const pool = createPool({ host, port, user, password, database });
  const ctx: FleetContext = {
    pool,
    stack: "tenantry/test",
    roles,
    partitionKey: "tenant_id",
    sqlDirectory,
    archives: new ArchiveStore({ place: join(scratchDirectory("archives"), "files") }),
    disposable,
  };
  for (const area of areas)
    await applyMigrations(ctx, area, area === "shared" ? { partitions } : {});
  const clients = [admin];
  return {
    ctx,
    database,
    roles,
    admin,
    rows: async (sql, values = []) =>
      (await admin.query<Record<string, unknown>>(sql, values)).rows,
    as: async (role) => {
      const client = await cluster.connect({ database, user: role, password: ROLE_PASSWORD });
      clients.push(client);
      return client;
    },
    login: (role) => ({ host, port, user: role, password: ROLE_PASSWORD, database }),
    close: async () => {
      await pool.end();
      await Promise.all(clients.map((client) => client.end()));
    },
  };
}

/** A login as the variables that an application reads. */
export const loginVariables = ({ host, port, user, password, database }: Login) => ({
  DB_HOST: host,
  DB_PORT: String(port),
  DB_NAME: database,
  DB_USER: user,
  DB_PASSWORD: password,
});

/** A copy of the project's sql/, to be changed by a test. */
export function copySqlDirectory(): string {
  const directory = join(scratchDirectory("sql"), "sql");
  mkdirSync(directory);
  cpSync(SQL_DIRECTORY, directory, { recursive: true });
  return directory;
}

/** The same, with one small tenant migration in place of the project's: for tests in which the number of tenants counts. */
export function smallSqlDirectory(): string {
  const directory = copySqlDirectory();
  const migrations = join(directory, "tenant");
  rmSync(migrations, { recursive: true });
  mkdirSync(migrations);
  writeFileSync(
    join(migrations, "001_notes.sql"),
    "create table notes (id bigint generated always as identity primary key);",
  );
  return directory;
}

/** An active tenant in shared isolation, unless told otherwise. */
export function spec(id: string, more: Partial<TenantSpec> = {}): TenantSpec {
  return { id, company: `Company ${id}`, state: "active", isolation: "shared", ...more };
}

function rolesWithPrefix(prefix: string): RoleNames {
  const named = (name: string): string => name.replace("nostromo", `t${prefix}`);
  return {
    owner: named(DEFAULT_ROLES.owner),
    user: named(DEFAULT_ROLES.user),
    app: named(DEFAULT_ROLES.app),
    readonly: named(DEFAULT_ROLES.readonly),
    monitor: named(DEFAULT_ROLES.monitor),
    backup: named(DEFAULT_ROLES.backup),
  };
}

/** What the program's `postgresql` resources come to. */
function platformSql(roles: RoleNames, database: string, partitions: PartitionPlacement): string[] {
  const owner = quoteIdentifier(roles.owner);
  const quoteRole = (role: string): string => (role === "public" ? role : quoteIdentifier(role));
  return [
    ...platformRoles(roles).flatMap(({ name, login, memberOf, bypassRowLevelSecurity }) => [
      `create role ${quoteIdentifier(name)} ${login ? `login password '${ROLE_PASSWORD}'` : "nologin"}${bypassRowLevelSecurity ? " bypassrls" : ""}`,
      ...(memberOf ?? []).map((group) => `grant ${group} to ${quoteIdentifier(name)}`),
    ]),
    `alter database ${quoteIdentifier(database)} owner to ${owner}`,
    ...PLATFORM_SCHEMAS.map((schema) => `create schema ${schema} authorization ${owner}`),
    ...platformGrants(roles, database, partitions).flatMap(({ role, on, name, privileges }) => {
      const object = `${on} ${quoteIdentifier(name)}`;
      return [
        `revoke all on ${object} from ${quoteRole(role)}`,
        ...(privileges.length > 0
          ? [`grant ${privileges.join(", ")} on ${object} to ${quoteRole(role)}`]
          : []),
      ];
    }),
    ...platformDefaultGrants(roles).map(
      ({ role, schema, objects, privileges }) =>
        `alter default privileges for role ${owner} in schema ${schema} grant ${privileges.join(", ")} on ${objects}s to ${quoteRole(role)}`,
    ),
  ];
}
