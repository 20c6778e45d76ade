import { TenantryError } from "../core/errors.ts";
import { readStackOutputs } from "../engine/stack-outputs.ts";
import type { Connection } from "../postgres/pool.ts";
import type { LoginRole } from "../settings/settings.ts";
import { loadStackFile, settingsOfStack } from "../settings/stack-file.ts";
import { connectionVariables } from "./commands/env.ts";
import { resolveBackend } from "./engine/backend.ts";
import type { Backend } from "./engine/backend.ts";
import { openStack, stateExists } from "./open-stack.ts";
import { stackPassphrase } from "./passphrase.ts";

export interface LoginPlace {
  readonly stack: string;
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The login of a role as the last `up` made it, without the administrator's.
 *
 * @throws {TenantryError} TNT-608 when the stack was never brought up
 */
export async function roleLogin(
  role: LoginRole,
  { stack, root, env }: LoginPlace,
): Promise<Connection> {
  const settings = settingsOfStack({ root, stackFile: loadStackFile({ root, stack }) });
  const backend = resolveBackend(env, root);
  if (backend.directory !== undefined && !stateExists(backend, stack))
    throw new TenantryError("TNT-608", { stack });
  const outputs = await stackOutputs({ stack, root, env }, backend);
  const { DB_USER: user = "", DB_PASSWORD: password = "" } = connectionVariables(
    outputs,
    stack,
    role,
  );
  const { host, port, login } = settings.server;
  return { host, port, tls: login.tls, user, password, database: settings.database, root };
}

/** A state in files is read as it is, whichever engine wrote it; another one only the Pulumi CLI can read. */
async function stackOutputs(
  { stack, root, env }: LoginPlace,
  { directory }: Backend,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (directory === undefined)
    return (await openStack({ stack, engine: "pulumi", root, env })).engine.outputs();
  const passphrase = stackPassphrase({ root, stack, env, stackExists: true, keep: false });
  return readStackOutputs({ root, stack, backend: directory, passphrase, showSecrets: true });
}
