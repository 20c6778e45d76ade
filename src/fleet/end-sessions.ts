import { setTimeout as sleep } from "node:timers/promises";
import type { PoolClient } from "pg";
import { messageOf, TenantryError } from "../core/errors.ts";
import { runStatements } from "../postgres/run-statements.ts";
import { withClient } from "../postgres/with-client.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";

/** How long clients have to finish what they began, in seconds. */
const GRACE_SECONDS = 10;
/** How long a session that was ended may take to be gone. */
const END_SECONDS = 5;
const PAUSE_MS = 50;

interface Session {
  readonly pid: number;
  readonly user: string;
}

/**
 * Waits until no client is at work in a schema whose rights were taken away, and ends those that are still there after
 * ten seconds: what they wrote would come after the archive.
 *
 * @param oid of the tenant's schema
 * @throws {TenantryError} TNT-422 when they could not be ended
 */
export function endSessions(ctx: FleetContext, id: string, oid: string): Promise<void> {
  return withClient(ctx.pool, async (client) => {
    const left = await waitUntilNone(client, oid, GRACE_SECONDS, ctx.signal);
    if (left.length === 0) return;
    const reason = await terminate(client, left);
    const alive = await waitUntilNone(client, oid, END_SECONDS, ctx.signal);
    if (alive.length > 0)
      throw new TenantryError("TNT-422", {
        id,
        sessions: alive.map(({ pid, user }) => `${pid} of ${user}`),
        reason,
      });
  });
}

async function waitUntilNone(
  client: PoolClient,
  oid: string,
  seconds: number,
  signal: AbortSignal | undefined,
): Promise<Session[]> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const [found] = await runStatements(client, [fleetQuery("fleet/sessions", [oid])]);
    const sessions = (found?.rows ?? []) as unknown as Session[];
    if (sessions.length === 0 || performance.now() > deadline) return sessions;
    await sleep(PAUSE_MS, undefined, { signal });
  }
}

/** Gives what PostgreSQL said against it. */
async function terminate(
  client: PoolClient,
  sessions: readonly Session[],
): Promise<string | undefined> {
  const results = await Promise.allSettled(
    sessions.map(({ pid }) => client.query("select pg_terminate_backend($1)", [pid])),
  );
  const failed = results.find(({ status }) => status === "rejected") as
    PromiseRejectedResult | undefined;
  return failed && messageOf(failed.reason);
}
