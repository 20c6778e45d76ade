import pg from "pg";
import type { Tls } from "../core/tls.ts";
import { tlsOptions } from "./tls-options.ts";

/** Where PostgreSQL is, and who logs in. */
export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Connections at most. Default 4: creating tenants gains nothing from more. */
  readonly max?: number;
  /** Default: plain text. */
  readonly tls?: Tls | undefined;
  /** What the authorities' file is relative to. Default: the working directory. */
  readonly root?: string;
  /** Whether its sessions leave PostgreSQL's settings as they are, to see the server's own. */
  readonly plain?: boolean;
}

/** How long a statement waits for a lock before its transaction is tried again: others queue behind the waiting one. */
const LOCK_TIMEOUT_MS = 4_000;
const GUARDS = {
  lock_timeout: LOCK_TIMEOUT_MS,
  idle_in_transaction_session_timeout: 60_000,
};

/**
 * The administrator's pool. Its sessions send statements without waiting for the replies of the ones before
 * (`pipeline`), give up a lock after 4 s, an idle transaction after 60 s, and keep no process alive while idle.
 *
 * @throws {TenantryError} TNT-420 when the authorities' file cannot be read
 */
export function createPool({
  max = 4,
  tls,
  root,
  plain = false,
  ...connection
}: Connection): pg.Pool {
  const pool = new pg.Pool({
    ...connection,
    max,
    ssl: tlsOptions(tls, root),
    application_name: "tenantry",
    pipeline: true,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 10_000,
    ...(!plain && GUARDS),
    keepAlive: true,
    allowExitOnIdle: true,
  });
  // An idle connection that breaks has left the pool already; the next query meets the cause, if it lasts.
  pool.on("error", () => undefined);
  return pool;
}
