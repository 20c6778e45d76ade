import { TenantryError } from "../core/errors.ts";
import { inspectExisting, requireUsable } from "../server/existing-server.ts";
import type { ExistingFacts } from "../server/existing-server.ts";
import { withLogin } from "../server/login.ts";
import { serverParameters } from "../settings/server-parameters.ts";
import { loadStackFile, settingsOfStack } from "../settings/stack-file.ts";
import { administratorLogin } from "./administrator.ts";
import type { AdministratorOptions } from "./administrator.ts";
import type { Stack } from "./open-stack.ts";
import { PROJECT_ROOT } from "./project-root.ts";
import { noticeLines } from "./render/probe-lines.ts";
import type { Terminal } from "./terminal.ts";

/** What an existing server said, and where it is. */
export interface Probe {
  readonly host: string;
  readonly port: number;
  readonly tls: string;
  readonly facts: ExistingFacts;
}

/**
 * Looks at the existing server of a stack, which need not be brought up.
 *
 * @throws {TenantryError} TNT-640 for another target; TNT-401, TNT-416 to TNT-421 when there is no login
 */
export async function probeServer(options: AdministratorOptions): Promise<Probe> {
  const { stack, root = PROJECT_ROOT } = options;
  const stackFile = loadStackFile({ root, stack });
  const settings = settingsOfStack({ root, stackFile });
  const { target, roles } = settings;
  const { existing, host, port, login } = settings.server;
  if (existing === undefined) throw new TenantryError("TNT-640", { stack, target });
  const connection = await administratorLogin(options, settings, stackFile);
  const facts = await withLogin({ ...connection, plain: true }, (client) =>
    inspectExisting(client, {
      parameters: serverParameters(settings),
      without: existing.without,
      replicator: roles.replicator !== undefined,
    }),
  );
  return { host, port, tls: login.tls.mode, facts };
}

/**
 * Before `up` changes anything on an existing server: refuses one that will not do, and says what the stack goes without.
 *
 * @throws {TenantryError} as {@link probeServer}; TNT-260, TNT-261
 */
export async function requireServer(
  { name: stack, root, settings }: Stack,
  terminal: Terminal,
): Promise<void> {
  if (settings.target !== "existing") return;
  const { facts } = await probeServer({ stack, root });
  requireUsable(facts);
  terminal.print(noticeLines(facts));
}
