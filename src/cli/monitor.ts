import { messageOf, TenantryError } from "../core/errors.ts";
import { connectionProblem } from "../core/connection-problem.ts";
import type { MonitorContext } from "../fleet/monitor/read-monitor.ts";
import { failureOf } from "../postgres/connection-error.ts";
import { createPool } from "../postgres/pool.ts";
import type { Connection } from "../postgres/pool.ts";
import { PROJECT } from "../settings/stack-file.ts";
import { PROJECT_ROOT } from "./project-root.ts";
import { roleLogin } from "./role-login.ts";

export interface MonitorOptions {
  readonly stack: string;
  readonly root?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Ends what is under way. */
  readonly signal?: AbortSignal;
}

/** A context of the monitor, and where this project's SQL is. */
export interface CommandMonitor extends MonitorContext {
  readonly sqlDirectory: string;
}

/**
 * Looks at a stack's database as its monitor role, over one connection; the administrator's login is not used.
 *
 * @throws {TenantryError} TNT-608 when the stack was never brought up; TNT-609 when the server does not answer;
 *   TNT-873 when it refuses the login
 */
export async function asMonitor<T>(
  { stack, root = PROJECT_ROOT, env = process.env, signal }: MonitorOptions,
  work: (context: CommandMonitor) => Promise<T>,
): Promise<T> {
  const connection = await roleLogin("monitor", { stack, root, env });
  const pool = createPool({ ...connection, max: 1, plain: true });
  try {
    await checkLogin(pool, connection, stack);
    return await work({
      pool,
      stack: `${PROJECT}/${stack}`,
      sqlDirectory: `${root}/sql`,
      ...(signal && { signal }),
    });
  } finally {
    await pool.end();
  }
}

/** PostgreSQL's words for a login it does not take: no such role, no login, no rights, no more connections. */
const REFUSALS = ["28P01", "28000", "42501", "53300"];

async function checkLogin(
  pool: ReturnType<typeof createPool>,
  { host, port, user }: Connection,
  stack: string,
): Promise<void> {
  try {
    await pool.query("select 1");
  } catch (cause) {
    const failure = failureOf(cause);
    const place = {
      address: `${host}:${port}`,
      stack,
      reason: messageOf(cause) || "no connection",
    };
    const refused = failure.codes.some((code) => REFUSALS.includes(code));
    if (refused && connectionProblem(failure) !== "tls-demanded")
      throw new TenantryError("TNT-873", { ...place, user }, { cause });
    throw new TenantryError("TNT-609", place, { cause });
  }
}
