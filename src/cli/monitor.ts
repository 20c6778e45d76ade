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

/** What is done with it. */
type MonitorWork<T> = (context: CommandMonitor) => Promise<T>;

/**
 * Looks at a stack's database as its monitor role, over one connection; the administrator's login is not used.
 *
 * @throws {TenantryError} TNT-608 when the stack was never brought up; TNT-609 when the server does not answer;
 *   TNT-873 when it refuses the login
 */
export async function asMonitor<T>(options: MonitorOptions, work: MonitorWork<T>): Promise<T> {
  return await lookOnce(await monitorLogin(options), options, work);
}

/**
 * The same for who looks again and again: the login, which takes a while to decipher, is read once, and once more
 * after it was refused.
 *
 * @throws {TenantryError} TNT-608 when the stack was never brought up. What it gives throws as `asMonitor`.
 */
export async function repeatedMonitor(
  options: MonitorOptions,
): Promise<<T>(work: MonitorWork<T>) => Promise<T>> {
  let login: Connection | undefined = await monitorLogin(options);
  return async (work) => {
    login ??= await monitorLogin(options);
    try {
      return await lookOnce(login, options, work);
    } catch (error) {
      if (error instanceof TenantryError && error.code === "TNT-873") login = undefined;
      throw error;
    }
  };
}

const monitorLogin = ({ stack, root = PROJECT_ROOT, env = process.env }: MonitorOptions) =>
  roleLogin("monitor", { stack, root, env });

async function lookOnce<T>(
  connection: Connection,
  { stack, root = PROJECT_ROOT, signal }: MonitorOptions,
  work: MonitorWork<T>,
): Promise<T> {
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
