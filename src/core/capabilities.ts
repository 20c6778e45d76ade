import { quoteIdentifier } from "./identifier.ts";

/** What a stack may say that it does without, in PostgreSQL's words. */
export const WAIVABLE = [
  "pg_monitor",
  "pg_read_all_data",
  "bypassrls",
  "pg_stat_statements",
] as const;
export type Waiver = (typeof WAIVABLE)[number];

/** What an administrator may do, as sql/server/capabilities.sql finds it. */
export interface FoundCapabilities {
  readonly administrator: string;
  readonly superuser: boolean;
  readonly createRole: boolean;
  readonly createDatabase: boolean;
  readonly bypassRowLevelSecurity: boolean;
  readonly replication: boolean;
  readonly grantMonitor: boolean;
  readonly grantReadAllData: boolean;
  /** Whether pg_stat_statements is installed on the server's machine at all. */
  readonly statementsAvailable: boolean;
  readonly createStatements: boolean;
  readonly endSessions: boolean;
  readonly readAllSettings: boolean;
  readonly readFileSettings: boolean;
}

/** What a stack needs. */
export interface NeededCapabilities {
  readonly without: readonly Waiver[];
  /** Whether it declares a role for replicas. */
  readonly replicator: boolean;
}

/** One row of the table that a probe shows. */
export interface Capability {
  readonly capability: string;
  /** `missing` keeps everything from being made; `left out` was said by the stack; `optional` does no harm. */
  readonly verdict: "there" | "left out" | "missing" | "optional";
  /** What is lost without it. */
  readonly lost: string;
  /** What whoever runs the server does about it. */
  readonly remedy: string;
  /** What to write under `server.without` to go without it; none when there is no way. */
  readonly waiver?: Waiver;
}

interface Row {
  readonly capability: string;
  readonly has: boolean;
  readonly optional?: true;
  readonly lost: string;
  readonly remedy: string;
}

/** Each capability, whether it is there, what is lost without it and what is done about it. */
export function judgeCapabilities(
  found: FoundCapabilities,
  { without, replicator }: NeededCapabilities,
): Capability[] {
  return rowsOf(found)
    .filter(({ capability }) => replicator || capability !== "replication")
    .map(({ capability, has, optional, lost, remedy }) => {
      const waiver = WAIVABLE.find((one) => one === capability);
      const leftOut = waiver !== undefined && without.includes(waiver);
      const lacking = optional ? "optional" : "missing";
      return {
        ...{ capability, lost, remedy },
        verdict: leftOut ? "left out" : has ? "there" : lacking,
        ...(waiver && { waiver }),
      };
    });
}

function rowsOf(found: FoundCapabilities): Row[] {
  const role = quoteIdentifier(found.administrator);
  return [
    {
      capability: "superuser",
      has: found.superuser,
      optional: true,
      lost: "nothing by itself: the other rows say what it would bring",
      remedy: "none needed",
    },
    {
      capability: "createrole",
      has: found.createRole,
      lost: "every role, and so everything",
      remedy: `ALTER ROLE ${role} CREATEROLE;`,
    },
    {
      capability: "createdb",
      has: found.createDatabase,
      lost: "the database, and so everything in it",
      remedy: `ALTER ROLE ${role} CREATEDB;`,
    },
    {
      capability: "pg_monitor",
      has: found.grantMonitor,
      lost: "the monitor role sees no statistics of other roles",
      remedy: `GRANT pg_monitor TO ${role} WITH ADMIN OPTION;`,
    },
    {
      capability: "pg_read_all_data",
      has: found.grantReadAllData,
      lost: "the backup role reads nothing: back up by the server's own means",
      remedy: `GRANT pg_read_all_data TO ${role} WITH ADMIN OPTION;`,
    },
    {
      capability: "bypassrls",
      has: found.bypassRowLevelSecurity,
      lost: "the backup role cannot dump tables with row level security",
      remedy: `ALTER ROLE ${role} BYPASSRLS;`,
    },
    {
      capability: "pg_stat_statements",
      has: found.createStatements,
      lost: "no statistics of statements",
      remedy: found.statementsAvailable
        ? "CREATE EXTENSION pg_stat_statements SCHEMA extensions; by a superuser, in the stack's database, after `up`"
        : "install PostgreSQL's contrib modules on the server",
    },
    {
      capability: "replication",
      has: found.replication,
      lost: "the role of replicas",
      remedy: `ALTER ROLE ${role} REPLICATION; or take the replicator out of the roles`,
    },
    {
      capability: "pg_signal_backend",
      has: found.endSessions,
      optional: true,
      lost: "a tenant cannot be retired while a session of the application holds on to it",
      remedy: `GRANT pg_signal_backend TO ${role};`,
    },
    {
      capability: "pg_read_all_settings",
      has: found.readAllSettings,
      optional: true,
      lost: "some settings cannot be compared, shared_preload_libraries among them",
      remedy: `GRANT pg_read_all_settings TO ${role};`,
    },
    {
      capability: "pg_file_settings",
      has: found.readFileSettings,
      optional: true,
      lost: "mistakes in the server's configuration files are not told",
      remedy: `GRANT SELECT ON pg_file_settings, pg_hba_file_rules TO ${role}; GRANT EXECUTE ON FUNCTION pg_show_all_file_settings(), pg_hba_file_rules() TO ${role};`,
    },
  ];
}

/** The capabilities without which nothing is made. */
export const missingCapabilities = (capabilities: readonly Capability[]): Capability[] =>
  capabilities.filter(({ verdict }) => verdict === "missing");
