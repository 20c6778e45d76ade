import type { ExistingSettings } from "../settings/settings.ts";
import { ExistingServer } from "./resources/existing-server.ts";
import type { TargetArgs, TargetServer } from "./server.ts";

/** A server that is there answers at once, or not at all; this leaves time for one that just starts again. */
const DEADLINE_SECONDS = 15;

interface ExistingArgs extends TargetArgs {
  readonly existing: ExistingSettings;
}

/** The target `existing`: a server that somebody else made. It is looked at, and stays when the stack goes. */
export function existingServer(args: ExistingArgs): TargetServer {
  const { settings, own, parameters, existing } = args;
  const { host, port } = settings.server;
  const { without } = existing;
  const ready = new ExistingServer(
    "ready",
    { host, port, parameters, without, deadlineSeconds: DEADLINE_SECONDS },
    own,
  );
  return { ready };
}
