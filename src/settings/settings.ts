import type { Waiver } from "../core/capabilities.ts";
import type { Client } from "../core/container-hba.ts";
import type { MigrationPolicy } from "../core/fleet-plan.ts";
import type { HbaRule } from "../core/pg-hba.ts";
import type { PartitionPlacement } from "../core/partition.ts";
import type { RoleNames } from "../core/roles.ts";
import type { Rotation } from "../core/rotation.ts";
import type { DeclaredTenant } from "../core/tenant.ts";
import type { Tls } from "../core/tls.ts";
import type { ArchiveSettings } from "./read-archives.ts";

/** Settings as the program trusts them: checked as a whole, complete with defaults, frozen. */
export interface Settings extends ArchiveSettings {
  /** The Pulumi project, `tenantry`. */
  readonly project: string;
  readonly stack: string;
  readonly target: "embedded" | "docker" | "existing";
  /** Whether the stack may be destroyed and tenants dropped with their data. */
  readonly disposable: boolean;
  readonly database: string;
  readonly roles: RoleNames;
  readonly logins: Readonly<Record<LoginRole, LoginSettings>>;
  readonly server: ServerSettings;
  /** The column that says whose row it is in the shared, partitioned tables. */
  readonly partitionKey: string;
  /** Where the partitions of the shared tables lie. */
  readonly partitions: PartitionPlacement;
  readonly rowLevelSecurity: boolean;
  readonly layout: Layout;
  /** Days for which a tenant stays retired before it may be removed; 0 in a disposable stack. */
  readonly retention: number;
  /** How tenants are migrated. */
  readonly migrations: MigrationPolicy;
  /** In the order of the stack file, those of `tenantsFile` after them. */
  readonly tenants: readonly DeclaredTenant[];
}

/** What declares the tenants: a resource for each, or a fixed number of shards of them. */
export type Layout = "tenants" | "shards";

/** The superuser of a server that tenantry makes. */
export const ADMINISTRATOR = "postgres";

/** The roles that log in with a password which this stack makes. */
export const LOGIN_ROLES = ["user", "app", "readonly", "monitor", "backup"] as const;
export type LoginRole = (typeof LOGIN_ROLES)[number];

export interface LoginSettings extends Rotation {
  /** Connections at once; -1 is no limit. */
  readonly connectionLimit: number;
}

export interface ServerSettings {
  /** Where this machine reaches it. */
  readonly host: string;
  readonly port: number;
  readonly login: ServerLogin;
  readonly memoryBytes: number;
  /** max_connections. */
  readonly connections: number;
  /** What the start-only settings are made for; a power of two. */
  readonly capacity: { readonly tenants: number };
  /** Whether `up` may restart a running server when a setting needs it. */
  readonly restartPolicy: "allow" | "deny";
  /** What config/postgresql.conf and then the stack's `server.parameters` say, as text without units or quotes added. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The records of config/pg_hba.conf, their placeholders filled. */
  readonly hba: readonly HbaRule[];
  /** The container; there for the target docker, and only for it. */
  readonly docker?: DockerSettings;
  /** There for the target existing, and only for it. */
  readonly existing?: ExistingSettings;
}

/** How the administrator reaches the server. */
export interface ServerLogin {
  /** The administrator's role. */
  readonly user: string;
  /** A database that is there before the application's. */
  readonly database: string;
  readonly tls: Tls;
}

export interface ExistingSettings {
  /** What the stack does without. */
  readonly without: readonly Waiver[];
}

export interface DockerSettings {
  /** With its digest. */
  readonly image: string;
  /** The container's name; network and volume are named after it. */
  readonly name: string;
  /** IPv4 network in CIDR notation. */
  readonly subnet: string;
  /** The address under which the server sees clients on the host. */
  readonly gateway: string;
  /** Where the container's files lie: absolute, or relative to the project. */
  readonly directory: string;
  /** The address of this machine on which the port is published; 0.0.0.0 stands for all of them. */
  readonly address: string;
  readonly clients: readonly Client[];
  readonly tls?: TlsSettings;
}

/** The server's certificate: one that people have, as PEM, or one of the stack's own authority. */
export type TlsSettings =
  | { readonly certificate: string }
  | {
      /** Host names and addresses under which clients reach the server. */
      readonly names: readonly string[];
      /** Raise it by one to get a new certificate. */
      readonly generation: number;
    };
