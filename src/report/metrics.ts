import { Gauge, Registry } from "prom-client";
import type { StatusFacts } from "../fleet/monitor/read-status.ts";

/** One value, under the labels that tell it from the others of its metric. */
interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  /** Null where there is nothing to measure: the sample is left out then. */
  readonly value: number | null;
}

interface Metric {
  /** By Prometheus' rules: base units, and the unit at the end. */
  readonly name: string;
  readonly help: string;
  readonly samples: (facts: StatusFacts, stack: string) => readonly Sample[];
}

/** The type of Prometheus' text format, as the client library names it. */
export const PROMETHEUS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

const one = (value: number | null): Sample[] => [{ value }];

const labelled = (label: string, values: Readonly<Record<string, number>>): Sample[] =>
  Object.entries(values).map(([name, value]) => ({ labels: { [label]: name }, value }));

/**
 * Every metric there is. No label holds a tenant, a role or a text of a query: their number does not grow with the
 * fleet, and none tells who the customers are.
 */
export const METRICS: readonly Metric[] = [
  {
    name: "tenantry_server_start_time_seconds",
    help: "When PostgreSQL started, in seconds since 1970.",
    samples: ({ server }) => one(server.startedAt.getTime() / 1000),
  },
  {
    name: "tenantry_server_pending_restart_settings",
    help: "Settings that were changed and wait for a restart.",
    samples: ({ server }) => one(server.pendingRestart.length),
  },
  {
    name: "tenantry_database_bytes",
    help: "Size of the database on disk.",
    samples: ({ server }) => one(server.databaseBytes),
  },
  {
    name: "tenantry_connections",
    help: "Connections of clients, by what they do.",
    samples: ({ server: { connections } }) =>
      labelled("state", {
        active: connections.active,
        idle: connections.idle,
        idle_in_transaction: connections.idleInTransaction,
      }),
  },
  {
    name: "tenantry_connections_waiting_for_locks",
    help: "Connections that wait for a lock of another one.",
    samples: ({ server }) => one(server.connections.waitingForLocks),
  },
  {
    name: "tenantry_connections_limit",
    help: "Connections that applications may open: max_connections less those kept for superusers.",
    samples: ({ server }) => one(server.maxConnections - server.reservedConnections),
  },
  {
    name: "tenantry_cache_hit_ratio",
    help: "Share of blocks found in PostgreSQL's own cache, from 0 to 1.",
    samples: ({ server }) => one(server.cacheHitRatio),
  },
  {
    name: "tenantry_deadlocks",
    help: "Deadlocks since PostgreSQL's statistics were reset.",
    samples: ({ server }) => one(server.deadlocks),
  },
  {
    name: "tenantry_oldest_transaction_seconds",
    help: "Age of the oldest transaction under way; 0 without one.",
    samples: ({ server }) => one(server.oldestTransaction?.seconds ?? 0),
  },
  {
    name: "tenantry_wraparound_transactions",
    help: "Transactions until PostgreSQL refuses writes to keep its transaction ids apart.",
    samples: ({ server }) => one(server.transactionsToWraparound),
  },
  {
    name: "tenantry_autovacuum_workers",
    help: "Autovacuum workers that are busy.",
    samples: ({ autovacuum }) => one(autovacuum.workers),
  },
  {
    name: "tenantry_autovacuum_workers_limit",
    help: "Autovacuum workers there may be; 0 when autovacuum is off.",
    samples: ({ autovacuum }) => one(autovacuum.enabled ? autovacuum.maxWorkers : 0),
  },
  {
    name: "tenantry_autovacuum_due_tables",
    help: "Tables that autovacuum should have come to.",
    samples: ({ autovacuum }) => one(autovacuum.tablesDue),
  },
  {
    name: "tenantry_replication_slots_unread",
    help: "Replication slots that nobody reads: they keep WAL until the disk is full.",
    samples: ({ replication }) => one(replication.filter(({ kind }) => kind === "slot").length),
  },
  {
    name: "tenantry_replica_lag_seconds",
    help: "How far the replica that is furthest behind is behind; 0 without one.",
    samples: ({ replication }) =>
      one(Math.max(0, ...replication.map(({ behindSeconds }) => behindSeconds ?? 0))),
  },
  {
    name: "tenantry_tenants",
    help: "Tenants, by state.",
    samples: ({ fleet }) =>
      labelled("state", { active: 0, suspended: 0, retired: 0, ...fleet.states }),
  },
  {
    name: "tenantry_tenants_behind",
    help: "Tenants without the newest migration, pinned ones included.",
    samples: ({ fleet, newestVersion }) =>
      one(
        fleet.versions
          .filter(({ version }) => version < newestVersion)
          .reduce((sum, { tenants }) => sum + tenants, 0),
      ),
  },
  {
    name: "tenantry_tenants_failed",
    help: "Tenants that a migration failed for.",
    samples: ({ fleet }) => one(fleet.failed),
  },
  {
    name: "tenantry_tenants_without_archive",
    help: "Tenants without a proven archive.",
    samples: ({ fleet }) => one(fleet.archives.without),
  },
  {
    name: "tenantry_oldest_archive_seconds",
    help: "Age of the oldest among the tenants' newest proven archives.",
    samples: ({ fleet }) => one(fleet.archives.oldestSeconds),
  },
  {
    name: "tenantry_doctor_examination_seconds",
    help: "Time since the doctor last looked at the stack.",
    samples: ({ fleet }, stack) => one(examinationOf(fleet, stack)?.seconds ?? null),
  },
  {
    name: "tenantry_doctor_findings",
    help: "Findings of the doctor's last look, by code; none without one.",
    samples: ({ fleet }, stack) => labelled("code", examinationOf(fleet, stack)?.findings ?? {}),
  },
];

const examinationOf = ({ examinations }: StatusFacts["fleet"], stack: string) =>
  examinations.find((examination) => examination.stack === stack);

/**
 * The state of a server and its fleet in Prometheus' text format.
 *
 * @param stack whose findings of the doctor are meant: `<project>/<stack>`
 */
export async function prometheusText(facts: StatusFacts, stack: string): Promise<string> {
  const registry = new Registry();
  for (const { name, help, samples } of METRICS) {
    const measured = samples(facts, stack).filter(({ value }) => value !== null);
    const labelNames = Object.keys(measured[0]?.labels ?? {});
    const gauge = new Gauge({ name, help, labelNames, registers: [registry] });
    // Without labels a gauge begins at 0, which nobody measured.
    if (measured.length === 0) gauge.remove();
    for (const { labels = {}, value } of measured) gauge.set(labels, value ?? 0);
  }
  return await registry.metrics();
}
