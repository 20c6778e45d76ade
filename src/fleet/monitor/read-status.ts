import { readSqlArea } from "../sql-files.ts";
import { readMonitor } from "./read-monitor.ts";
import type { MonitorContext } from "./read-monitor.ts";

/** The server and the database; see sql/monitor/server.sql. Sizes in bytes, times in seconds. */
export interface ServerFacts {
  readonly version: string;
  readonly database: string;
  readonly startedAt: Date;
  /** Whether it is a replica. */
  readonly inRecovery: boolean;
  /** The settings that were changed and are taken at the next start. */
  readonly pendingRestart: readonly string[];
  readonly databaseBytes: number;
  readonly connections: {
    readonly used: number;
    readonly active: number;
    readonly idle: number;
    readonly idleInTransaction: number;
    readonly waitingForLocks: number;
  };
  readonly maxConnections: number;
  /** Of these, kept for superusers. */
  readonly reservedConnections: number;
  /** Null before the first block was read. */
  readonly cacheHitRatio: number | null;
  readonly deadlocks: number;
  readonly statisticsSince: Date | null;
  /** Null when no other transaction is under way. */
  readonly oldestTransaction: {
    readonly pid: number;
    readonly role: string | null;
    readonly state: string | null;
    readonly seconds: number;
  } | null;
  readonly transactionsToWraparound: number;
  /** Transactions since the oldest row that is not frozen yet. */
  readonly oldestFrozenAge: number;
  /** The age at which autovacuum freezes without being asked. */
  readonly freezeMaxAge: number;
  /** False where the monitor role is no member of pg_read_all_stats: other roles' sessions tell nothing then. */
  readonly seesAllSessions: boolean;
}

/** A replica, or a slot that nobody reads; see sql/monitor/replication.sql. */
export interface ReplicationFact {
  readonly kind: "replica" | "slot";
  readonly name: string;
  readonly state: string | null;
  readonly behindBytes: number | null;
  readonly behindSeconds: number | null;
}

/** Whether autovacuum keeps up; see sql/monitor/autovacuum.sql. */
export interface AutovacuumFacts {
  readonly enabled: boolean;
  readonly maxWorkers: number;
  readonly workers: number;
  readonly tablesDue: number;
  readonly deadRows: number;
  /** The table with the most dead rows. */
  readonly worst: string | null;
}

/** The tenants together; see sql/monitor/fleet.sql. */
export interface FleetFacts {
  readonly tenants: number;
  /** How many there are, by state. */
  readonly states: Readonly<Record<string, number>>;
  readonly versions: readonly { readonly version: number; readonly tenants: number }[];
  /** Those that a migration failed for. */
  readonly failed: number;
  readonly archives: {
    /** Tenants without a proven one. */
    readonly without: number;
    /** Of the tenants' newest proven archives, the oldest. */
    readonly oldestSeconds: number | null;
    readonly newestSeconds: number | null;
  };
  /** The doctor's last look, by stack. */
  readonly examinations: readonly {
    readonly stack: string;
    readonly seconds: number;
    readonly findings: Readonly<Record<string, number>>;
  }[];
}

/** How a server and its fleet are. */
export interface StatusFacts {
  readonly server: ServerFacts;
  readonly replication: readonly ReplicationFact[];
  readonly autovacuum: AutovacuumFacts;
  readonly fleet: FleetFacts;
  /** The newest migration in sql/tenant. */
  readonly newestVersion: number;
}

/**
 * The state of a server and of all its tenants, in a fixed number of queries.
 *
 * @param sqlDirectory the folder sql/, whose newest migration the tenants are compared with
 * @throws {TenantryError} as `readMonitor`; TNT-501, TNT-502 and TNT-509 for migrations that cannot be read
 */
export async function readStatus(ctx: MonitorContext, sqlDirectory: string): Promise<StatusFacts> {
  const newestVersion = readSqlArea(sqlDirectory, "tenant").length;
  const [[server], replication, [autovacuum], [fleet]] = await readMonitor<
    [ServerFacts, ReplicationFact, AutovacuumFacts, FleetFacts]
  >(ctx, ["server", "replication", "autovacuum", "fleet"]);
  if (!server || !autovacuum || !fleet) throw new TypeError("each of these queries gives one row");
  return { server, replication, autovacuum, fleet, newestVersion };
}
