import { ConfigFiles } from "./resources/config-files.ts";
import { EmbeddedServer } from "./resources/embedded-server.ts";
import { READY_DEADLINE_SECONDS, ServerReady } from "./resources/server-ready.ts";
import type { TargetArgs, TargetServer } from "./server.ts";

/** The target `embedded`: a process on this machine, in `.tenantry/<stack>/server`. */
export function embeddedServer(args: TargetArgs): TargetServer {
  const { settings, adminPassword, administrator, own, parameters, hba } = args;
  const directory = `.tenantry/${settings.stack}/server`;
  const configuration = new ConfigFiles("configuration", { directory, parameters, hba }, own);
  const server = new EmbeddedServer(
    "postgresql",
    {
      directory,
      port: settings.server.port,
      user: administrator,
      password: adminPassword,
      startDigest: configuration.startDigest,
      restartPolicy: settings.server.restartPolicy,
    },
    { ...own, protect: !settings.disposable },
  );
  const ready = new ServerReady(
    "ready",
    { configuration: configuration.digest, deadlineSeconds: READY_DEADLINE_SECONDS },
    { ...own, ...(settings.disposable && { deletedWith: server }), dependsOn: server },
  );
  return { ready, data: server };
}
