import { normaliseQuery } from "../../core/monitor/normalise-query.ts";
import { readMonitor } from "./read-monitor.ts";
import type { MonitorContext } from "./read-monitor.ts";

/** A session in the database; see sql/monitor/activity.sql. */
export interface SessionFact {
  readonly pid: number;
  /** Who logged in; null for PostgreSQL's own processes. */
  readonly role: string | null;
  readonly application: string | null;
  readonly client: string | null;
  /** `client backend`, `autovacuum worker` .. */
  readonly kind: string;
  /** Null where the monitor may not see it. */
  readonly state: string | null;
  readonly wait: string | null;
  /** How long its query runs, or how long it has been idle. */
  readonly seconds: number | null;
  readonly transactionSeconds: number | null;
  /** The tenants in whose tables its transaction holds locks. */
  readonly tenants: readonly string[];
  /** What it runs, or ran last: normalised unless literals were asked for. */
  readonly query: string | null;
}

/** What a query's text may show. */
export interface QueryOptions {
  /** Leaves the texts as they are, data included. Default: no. */
  readonly showLiterals?: boolean | undefined;
}

/**
 * The sessions in the database but the own one: the busy before the idle, the longest first.
 *
 * @throws {TenantryError} as `readMonitor`
 */
export async function readActivity(
  ctx: MonitorContext,
  options: QueryOptions = {},
): Promise<SessionFact[]> {
  const [sessions] = await readMonitor<[SessionFact]>(ctx, ["activity"]);
  return sessions.map((session) => ({ ...session, query: shownQuery(session.query, options) }));
}

/** What PostgreSQL says in place of a query that a role may not see; it is no query. */
const HIDDEN = "<insufficient privilege>";

/** A query as it may be shown. */
export function shownQuery(query: string | null, { showLiterals = false }: QueryOptions) {
  if (query === null || query === "" || query === HIDDEN) return query;
  return showLiterals ? query : normaliseQuery(query);
}
