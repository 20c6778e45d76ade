import { count, counted, period, size } from "../core/format.ts";
import { judgeStatus } from "../fleet/monitor/judge-status.ts";
import type { StatusTopic } from "../fleet/monitor/judge-status.ts";
import type { ReplicationFact, StatusFacts } from "../fleet/monitor/read-status.ts";

/** One fact about a server and its fleet, as people read it. Names in it come from the database, as they are. */
export interface StatusWord {
  readonly name: string;
  readonly text: string;
  /** Whether somebody should look at it. */
  readonly attention: boolean;
}

/**
 * The state of a server and its fleet in words.
 *
 * @param stack whose findings of the doctor are meant: `<project>/<stack>`
 */
export function statusWords(
  facts: StatusFacts,
  { stack, now }: { readonly stack: string; readonly now: Date },
): StatusWord[] {
  const attention = judgeStatus(facts, stack);
  const tell = (name: string, text: string, topic?: StatusTopic): StatusWord => ({
    name,
    text,
    attention: topic !== undefined && attention.has(topic),
  });
  const { server, replication, fleet } = facts;
  const { pendingRestart, oldestTransaction: oldest } = server;
  const since = period((now.getTime() - server.startedAt.getTime()) / 1000);
  const role = server.inRecovery ? ", a replica" : "";
  return [
    tell("server", `PostgreSQL ${server.version}, up ${since}${role}`),
    tell(
      "restart",
      pendingRestart.length === 0 ? "nothing waits for one" : `waits: ${pendingRestart.join(", ")}`,
      "restart",
    ),
    tell("database", `${server.database}, ${size(server.databaseBytes)}`),
    tell("connections", connections(facts), "connections"),
    ...(server.seesAllSessions
      ? []
      : [tell("sessions", "of other roles are hidden: not in pg_read_all_stats", "sessions")]),
    tell(
      "transaction",
      oldest === null
        ? "none but this one"
        : `oldest ${period(oldest.seconds)}: ${oldest.role ?? "PostgreSQL"}, pid ${oldest.pid}, ${oldest.state ?? "unknown"}`,
      "transaction",
    ),
    tell("cache", cache(facts), "cache"),
    tell("replication", replication.map(replica).join("; ") || "none", "replication"),
    tell("wraparound", `in ${count(server.transactionsToWraparound)} transactions`, "wraparound"),
    tell("autovacuum", autovacuum(facts), "autovacuum"),
    tell("tenants", tenants(facts)),
    tell("versions", versions(facts), "versions"),
    tell("archives", archives(facts), "archives"),
    tell("doctor", doctor(fleet.examinations, stack), "doctor"),
  ];
}

function connections({ server }: StatusFacts): string {
  const { used, active, idleInTransaction, waitingForLocks } = server.connections;
  const parts = [
    `${active} active`,
    `${idleInTransaction} idle in transaction`,
    `${waitingForLocks} waiting`,
  ];
  return `${used} of ${server.maxConnections - server.reservedConnections}: ${parts.join(", ")}`;
}

function cache({ server: { cacheHitRatio } }: StatusFacts): string {
  if (cacheHitRatio === null) return "nothing read yet";
  // Rounded down: 100.0 % is all of them.
  return `${(Math.floor(cacheHitRatio * 1000) / 10).toFixed(1)} % of blocks found in it`;
}

function replica({ kind, name, state, behindBytes, behindSeconds }: ReplicationFact): string {
  const bytes = size(Math.max(0, behindBytes ?? 0));
  if (kind === "slot") return `slot ${name} (${state ?? "?"}) keeps ${bytes} for nobody`;
  const late = behindSeconds === null ? "" : `, ${period(behindSeconds)}`;
  return `${name} ${state ?? "?"}, ${bytes} behind${late}`;
}

function autovacuum({ autovacuum: { enabled, ...facts } }: StatusFacts): string {
  const { workers, maxWorkers, tablesDue, deadRows, worst } = facts;
  const busy = enabled ? `${workers} of ${maxWorkers} workers busy` : "off";
  if (tablesDue === 0) return `${busy}, no table due`;
  const due = `${counted(tablesDue, "table")} due, ${count(deadRows)} dead rows`;
  return `${busy}, ${due}, most in ${worst ?? "?"}`;
}

function tenants({ fleet }: StatusFacts): string {
  const states = Object.entries(fleet.states).map(([state, number]) => `${count(number)} ${state}`);
  return states.join(", ") || "none";
}

function versions({ fleet, newestVersion }: StatusFacts): string {
  const at = fleet.versions.map(({ version, tenants: number }) => `${count(number)} at ${version}`);
  const failed = fleet.failed > 0 ? `; a migration failed for ${count(fleet.failed)}` : "";
  return `${at.join(", ") || "none"}; the newest is ${newestVersion}${failed}`;
}

function archives({ fleet: { archives: facts } }: StatusFacts): string {
  const { without, oldestSeconds } = facts;
  const none = `${counted(without, "tenant")} without a proven one`;
  return oldestSeconds === null ? none : `oldest ${period(oldestSeconds)}; ${none}`;
}

function doctor(examinations: StatusFacts["fleet"]["examinations"], stack: string): string {
  const last = examinations.find((one) => one.stack === stack);
  if (last === undefined) return "never asked: npx tenantry doctor";
  const ago = `${period(last.seconds)} ago`;
  const codes = Object.entries(last.findings).map(([code, number]) => `${code} ${number}`);
  return codes.length === 0 ? `nothing to find, ${ago}` : `${codes.join(", ")}, ${ago}`;
}
