import { setTimeout as sleep } from "node:timers/promises";
import type { PoolClient } from "pg";
import { messageOf, TenantryError } from "../core/errors.ts";
import { failureOf } from "../postgres/connection-error.ts";
import type { Connection } from "../postgres/pool.ts";
import { createPool } from "../postgres/pool.ts";
import { SQLSTATE } from "../postgres/sqlstate.ts";
import { withClient } from "../postgres/with-client.ts";

/** The database that every cluster has from the start. */
export const MAINTENANCE_DATABASE = "postgres";

const PAUSE_MS = 50;
/** pg's words for what Docker does on a published port behind which nobody listens yet: it accepts, and hangs up. */
const HUNG_UP = "Connection terminated unexpectedly";
const NOT_YET = ["ECONNREFUSED", "ECONNRESET", "EHOSTUNREACH", "ETIMEDOUT"];

/** Logs in once, for one piece of work. */
export async function withLogin<T>(
  connection: Connection,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const pool = createPool({ ...connection, max: 1 });
  try {
    return await withClient(pool, work);
  } finally {
    await pool.end();
  }
}

/**
 * Logs in as soon as the server lets it: a server that starts refuses connections at first, then logins (57P03).
 *
 * @param deadlineSeconds how long to try
 * @throws {TenantryError} TNT-231 when the time is over; at once, what a login meets that waiting does not change.
 */
export function waitForLogin<T>(
  connection: Connection,
  deadlineSeconds: number,
  work: (client: PoolClient) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  return whileItStarts(connection, deadlineSeconds, () => withLogin(connection, work), signal);
}

/** Tries something that logs in, again and again as long as the server may be one that starts. */
export async function whileItStarts<T>(
  { host, port }: Pick<Connection, "host" | "port">,
  deadlineSeconds: number,
  attempt: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const deadline = performance.now() + deadlineSeconds * 1000;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (cause) {
      if (!startsYet(cause)) throw cause;
      if (performance.now() > deadline) {
        const reason = messageOf(cause);
        throw new TenantryError(
          "TNT-231",
          { host, port, seconds: deadlineSeconds, reason },
          { cause },
        );
      }
    }
    await sleep(PAUSE_MS, undefined, { signal });
  }
}

/** Whether a failed login may be one of a server that is starting. */
function startsYet(error: unknown): boolean {
  const { codes, messages } = failureOf(error);
  if (codes.includes(SQLSTATE.cannotConnectNow) || messages.includes(HUNG_UP)) return true;
  return codes.some((code) => NOT_YET.includes(code));
}
