import { lockTrees } from "../../core/monitor/lock-tree.ts";
import type { LockNode, LockSession } from "../../core/monitor/lock-tree.ts";
import { shownQuery } from "./read-activity.ts";
import type { QueryOptions } from "./read-activity.ts";
import { readMonitor } from "./read-monitor.ts";
import type { MonitorContext } from "./read-monitor.ts";

/** A session that waits for a lock, or holds one that another waits for; see sql/monitor/locks.sql. */
export interface LockFact extends LockSession {
  readonly role: string | null;
  readonly application: string | null;
  readonly state: string | null;
  readonly seconds: number | null;
  readonly transactionSeconds: number | null;
  /** The lock it waits for: `ShareLock on transactionid`. */
  readonly wanted: string | null;
  readonly query: string | null;
}

/**
 * Who blocks whom, as trees.
 *
 * @throws {TenantryError} as `readMonitor`
 */
export async function readLocks(
  ctx: MonitorContext,
  options: QueryOptions = {},
): Promise<LockNode<LockFact>[]> {
  const [sessions] = await readMonitor<[LockFact]>(ctx, ["locks"]);
  return lockTrees(
    sessions.map((session) => ({ ...session, query: shownQuery(session.query, options) })),
  );
}
