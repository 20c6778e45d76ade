import type { PartitionPlacement } from "./partition.ts";
import { tenantGroup } from "./roles.ts";
import type { RoleNames } from "./roles.ts";

/** The schemas of the platform, in the order of creation. All belong to the owner role. */
export const PLATFORM_SCHEMAS = [
  "tenantry",
  "central",
  "parametros",
  "shared",
  "extensions",
] as const;
export type PlatformSchema = (typeof PLATFORM_SCHEMAS)[number];

/** Rights on the database or on a schema. No privileges = everything is revoked. Role `public` = everyone. */
export interface Grant {
  readonly role: string;
  readonly on: "database" | "schema";
  readonly name: string;
  readonly privileges: readonly string[];
}

/** Rights on what the owner role will create in a schema (ALTER DEFAULT PRIVILEGES FOR ROLE owner). */
export interface DefaultGrant {
  readonly role: string;
  readonly schema: PlatformSchema;
  readonly objects: "table" | "sequence" | "function";
  readonly privileges: readonly string[];
}

const CRUD = ["SELECT", "INSERT", "UPDATE", "DELETE"];

/**
 * Rights on the database and on the platform's schemas. Whatever is missing here is refused: `shared` is the owner's
 * alone, of `tenantry` the monitor may read a few views and nothing else (sql/books/006_monitor.sql), and nobody may
 * create anything in `public`. Without tenant schemas the application uses the shared tables themselves, as far as row
 * level security lets it.
 */
export function platformGrants(
  roles: RoleNames,
  database: string,
  partitions: PartitionPlacement = "tenants",
): readonly Grant[] {
  const connect = [roles.user, roles.app, roles.readonly, roles.monitor, roles.backup];
  const usage: readonly (readonly [PlatformSchema, readonly string[]])[] = [
    ["tenantry", [roles.monitor]],
    ["central", [roles.app, roles.readonly, roles.user]],
    ["parametros", [roles.readonly, roles.user, tenantGroup(roles)]],
    ["extensions", [roles.monitor]],
    ...(partitions === "values" ? [["shared", [roles.user]] as const] : []),
  ];
  return [
    { role: "public", on: "database", name: database, privileges: [] },
    {
      role: roles.owner,
      on: "database",
      name: database,
      privileges: ["CONNECT", "CREATE", "TEMPORARY"],
    },
    ...connect.map((role): Grant => ({
      role,
      on: "database",
      name: database,
      privileges: ["CONNECT"],
    })),
    { role: "public", on: "schema", name: "public", privileges: ["USAGE"] },
    ...usage.flatMap(([name, grantees]) =>
      grantees.map((role): Grant => ({ role, on: "schema", name, privileges: ["USAGE"] })),
    ),
  ];
}

/**
 * Rights on the tables that the migrations create, given by default privileges so that later tables have them
 * too. The migrations themselves narrow single tables (central.tenants, central.audit_log).
 */
export function platformDefaultGrants(roles: RoleNames): readonly DefaultGrant[] {
  const table = (role: string, schema: PlatformSchema, privileges: string[]): DefaultGrant => ({
    role,
    schema,
    objects: "table",
    privileges,
  });
  return [
    table(roles.app, "central", CRUD),
    table(roles.readonly, "central", ["SELECT"]),
    table(roles.readonly, "parametros", ["SELECT"]),
    table(roles.user, "parametros", ["SELECT"]),
    table(tenantGroup(roles), "parametros", ["SELECT"]),
  ];
}
