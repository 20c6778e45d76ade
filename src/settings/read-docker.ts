import type { z } from "zod";
import { isHostOf, parseIpv4, parseIpv4Network, renderIpv4 } from "../core/ipv4-network.ts";
import type { RoleNames } from "../core/roles.ts";
import type { settingsDefinition } from "./definition.ts";
import type { Problem } from "./problem.ts";
import type { DockerSettings } from "./settings.ts";
import type { SettingsSource, YamlSource } from "./settings-source.ts";
import { problemAt } from "./sound-part.ts";

type Written = Pick<z.output<typeof settingsDefinition>, "target" | "server" | "database">;

const PATH = ["server", "docker"];

/** The container of the target docker, complete with defaults; another target has none. */
export function readDocker(
  { target, server: { docker }, database }: Written,
  stackFile: YamlSource,
  { project, stack }: Pick<SettingsSource, "project" | "stack">,
  roles: RoleNames,
): { settings?: DockerSettings; problems: Problem[] } {
  if (docker === undefined) {
    // A mistake elsewhere in `server` has been told already, and hides what else stands there.
    const isWritten = (stackFile.value as { server?: { docker?: unknown } }).server?.docker;
    if (target !== "docker" || isWritten !== undefined) return { problems: [] };
    const rule = "must be a mapping with image and subnet, for the target docker";
    return { problems: [problemAt(stackFile, PATH, { rule, value: undefined })] };
  }
  if (target !== "docker") {
    const rule = `is for the target docker, and the target is ${target}: leave it out`;
    return { problems: [problemAt(stackFile, PATH, { rule })] };
  }
  const network = parseIpv4Network(docker.subnet) ?? { first: 0, size: 0 };
  const gateway = docker.gateway ?? renderIpv4(network.first + 1);
  const problems = isHostOf(network, parseIpv4(gateway) ?? 0)
    ? []
    : [
        problemAt(stackFile, [...PATH, "gateway"], {
          value: gateway,
          rule: `must be an address of a host in the subnet ${docker.subnet}`,
        }),
      ];
  return {
    settings: {
      image: docker.image,
      name: docker.name ?? `${project}-${stack}`,
      subnet: docker.subnet,
      gateway,
      directory: docker.directory ?? `.tenantry/${stack}/server`,
      clients: docker.clients.map((client) => ({
        cidr: client.cidr,
        role: roles[client.role],
        database: client.database ?? database,
      })),
    },
    problems,
  };
}
