import type { StatusFacts } from "./read-status.ts";

/** What a status is about. */
export type StatusTopic =
  | "restart"
  | "sessions"
  | "connections"
  | "cache"
  | "transaction"
  | "replication"
  | "wraparound"
  | "autovacuum"
  | "versions"
  | "archives"
  | "doctor";

/** Of the connections that are not kept for superusers: above this share, new processes soon find none. */
const FULL = 0.8;

/** Below this share of blocks in PostgreSQL's own cache it is too small for what is read; the usual rule of thumb. */
const COLD = 0.9;

/** Seconds after which a transaction keeps vacuum from cleaning up what others leave behind. */
const LONG_TRANSACTION = 300;

/** Seconds, and bytes, that a replica may be behind. */
const LATE = { seconds: 60, bytes: 256 * 1024 * 1024 };

/** Seconds after which a tenant's newest proven archive is old: a week. */
export const OLD_ARCHIVE = 7 * 86_400;

/** What of a server and its fleet needs somebody's attention. */
export function judgeStatus(facts: StatusFacts, stack: string): ReadonlySet<StatusTopic> {
  const { server, replication, autovacuum, fleet, newestVersion } = facts;
  const examination = fleet.examinations.find((one) => one.stack === stack);
  const ordinary = server.maxConnections - server.reservedConnections;
  const judged: Readonly<Record<StatusTopic, boolean>> = {
    restart: server.pendingRestart.length > 0,
    sessions: !server.seesAllSessions,
    connections: server.connections.used >= ordinary * FULL,
    cache: server.cacheHitRatio !== null && server.cacheHitRatio < COLD,
    transaction: (server.oldestTransaction?.seconds ?? 0) > LONG_TRANSACTION,
    replication: replication.some(
      ({ kind, behindSeconds, behindBytes }) =>
        kind === "slot" || (behindSeconds ?? 0) > LATE.seconds || (behindBytes ?? 0) > LATE.bytes,
    ),
    // Autovacuum should have frozen at the first of these ages.
    wraparound: server.oldestFrozenAge > 2 * server.freezeMaxAge,
    autovacuum:
      !autovacuum.enabled ||
      (autovacuum.tablesDue > 0 && autovacuum.workers >= autovacuum.maxWorkers),
    versions: fleet.failed > 0 || fleet.versions.some(({ version }) => version < newestVersion),
    archives: (fleet.archives.oldestSeconds ?? 0) > OLD_ARCHIVE,
    doctor: Object.keys(examination?.findings ?? {}).length > 0,
  };
  return new Set((Object.keys(judged) as StatusTopic[]).filter((topic) => judged[topic]));
}
