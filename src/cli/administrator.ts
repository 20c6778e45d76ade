import { randomUUID } from "node:crypto";
import type { Pool } from "pg";
import { messageOf, TenantryError } from "../core/errors.ts";
import type { FleetContext } from "../fleet/context.ts";
import { connectionError } from "../postgres/connection-error.ts";
import { createPool } from "../postgres/pool.ts";
import type { Connection } from "../postgres/pool.ts";
import { readAdminPassword } from "../settings/admin-password.ts";
import type { Settings } from "../settings/settings.ts";
import { loadStackFile, PROJECT, settingsOfStack } from "../settings/stack-file.ts";
import type { StackFile } from "../settings/stack-file.ts";
import { archiveStore } from "./archive-store.ts";
import { resolveBackend } from "./engine/backend.ts";
import { stateExists } from "./open-stack.ts";
import { PROJECT_ROOT } from "./project-root.ts";
import { stackSecret } from "./stack-secrets.ts";

export interface AdministratorOptions {
  readonly stack: string;
  readonly root?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Does something in a stack's database as its administrator, for commands that need no engine.
 *
 * @throws {TenantryError} TNT-608 when the stack was never brought up; TNT-609 when the server does not answer
 */
export async function asAdministrator<T>(
  { stack, root = PROJECT_ROOT, env = process.env }: AdministratorOptions,
  work: (context: FleetContext, settings: Settings, connection: Connection) => Promise<T>,
): Promise<T> {
  const stackFile = loadStackFile({ root, stack });
  const settings = settingsOfStack({ root, stackFile });
  const backend = resolveBackend(env, root);
  if (backend.directory !== undefined && !stateExists(backend, stack))
    throw new TenantryError("TNT-608", { stack });
  const login = await administratorLogin({ stack, root, env }, settings, stackFile);
  const connection = { ...login, database: settings.database };
  const pool = createPool(connection);
  try {
    await checkConnection(pool, connection, settings);
    const context: FleetContext = {
      runId: randomUUID(),
      pool,
      stack: `${PROJECT}/${stack}`,
      roles: settings.roles,
      partitionKey: settings.partitionKey,
      sqlDirectory: `${root}/sql`,
      archives: archiveStore({ root, stack, env, stackFile }, settings),
      disposable: settings.disposable,
      retention: settings.retention,
    };
    return await work(context, settings, connection);
  } finally {
    await pool.end();
  }
}

/** The administrator's login where it is possible before the application's database exists. */
export async function administratorLogin(
  { stack, root = PROJECT_ROOT, env = process.env }: AdministratorOptions,
  settings: Settings,
  stackFile: StackFile,
): Promise<Connection> {
  const { host, port, login } = settings.server;
  const secret = await stackSecret("adminPassword", { root, stack, env, stackFile });
  const password = secret ?? readAdminPassword(root, settings);
  return { host, port, ...login, password, root };
}

async function checkConnection(
  pool: Pool,
  connection: Connection,
  { stack, target }: Settings,
): Promise<void> {
  try {
    await pool.query("SELECT 1");
  } catch (error) {
    // No command starts a server that somebody else runs.
    if (target === "existing") throw connectionError(connection, error);
    const address = `${connection.host}:${connection.port}`;
    throw new TenantryError(
      "TNT-609",
      { address, stack, reason: messageOf(error) || "no connection" },
      { cause: error },
    );
  }
}
