import { TLS_PARAMETERS } from "../core/container-paths.ts";
import { tunedParameters } from "../core/tuning.ts";
import type { Settings } from "./settings.ts";

/**
 * postgresql.conf of a stack's server, complete: what follows from its size, then config/postgresql.conf, then the
 * stack's own `server.parameters`, and last what belongs to the target. The later ones win. The port is not
 * among it: the server gets it when it is started.
 *
 * Of an existing server, what it is asked to have: nothing derives from a size, and where its log goes is its own.
 *
 * @param platform where an embedded server runs. Default: here.
 */
export function serverParameters(
  { server }: Pick<Settings, "server">,
  platform: NodeJS.Platform = process.platform,
): Record<string, string> {
  const { memoryBytes, connections, capacity, parameters, docker, existing } = server;
  if (existing)
    return Object.fromEntries(
      Object.entries(parameters).filter(([name]) => !OF_LOG.includes(name)),
    );
  return {
    ...tunedParameters({
      memoryBytes,
      connections,
      tenants: capacity.tenants,
      linux: docker !== undefined || platform === "linux",
    }),
    ...parameters,
    ...(docker ? IN_CONTAINER : ON_THIS_MACHINE),
    ...(docker?.tls && TLS_PARAMETERS),
  };
}

/** Only what Docker publishes is reachable from outside; the socket is where the image's own scripts look for it. */
const IN_CONTAINER = { listen_addresses: "*", unix_socket_directories: "/var/run/postgresql" };

/** Clients come over TCP, and a socket's path has a limit of about 100 bytes that a deep checkout would exceed. */
const ON_THIS_MACHINE = { listen_addresses: "localhost", unix_socket_directories: "" };

const OF_LOG = ["log_destination", "logging_collector"];
