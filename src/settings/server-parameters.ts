import { tunedParameters } from "../core/tuning.ts";
import type { Settings } from "./settings.ts";

/**
 * postgresql.conf of a stack's server, complete: what follows from its size, then config/postgresql.conf, then the
 * stack's own `server.parameters`, and last what belongs to the target. The later ones win. The port is not
 * among it: the server gets it when it is started.
 *
 * @param platform where the server runs. Default: here.
 */
export function serverParameters(
  { server }: Pick<Settings, "server">,
  platform: NodeJS.Platform = process.platform,
): Record<string, string> {
  const { memoryBytes, connections, capacity, parameters } = server;
  return {
    ...tunedParameters({
      memoryBytes,
      connections,
      tenants: capacity.tenants,
      linux: platform === "linux",
    }),
    ...parameters,
    listen_addresses: "localhost",
    // Clients come over TCP, and a socket's path has a limit of about 100 bytes that a deep checkout would exceed.
    unix_socket_directories: "",
  };
}
