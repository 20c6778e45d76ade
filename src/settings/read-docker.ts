import type { z } from "zod";
import {
  isHostOf,
  isWithin,
  parseIpv4,
  parseIpv4Network,
  renderIpv4,
} from "../core/ipv4-network.ts";
import type { RoleNames } from "../core/roles.ts";
import type { settingsDefinition } from "./definition.ts";
import type { Problem } from "./problem.ts";
import type { DockerSettings, TlsSettings } from "./settings.ts";
import type { SettingsSource, YamlSource } from "./settings-source.ts";
import { problemAt } from "./sound-part.ts";

type Written = Pick<
  z.output<typeof settingsDefinition>,
  "target" | "server" | "database" | "tlsKey"
>;
type WrittenDocker = NonNullable<Written["server"]["docker"]>;

const PATH = ["server", "docker"];
export const LOOPBACK = "127.0.0.1";
/** In every certificate that is made: this machine's own clients, and those in the container's network. */
const ALWAYS = ["localhost", LOOPBACK, "postgres"];

/** The container of the target docker, complete with defaults; another target has none. */
export function readDocker(
  written: Written,
  stackFile: YamlSource,
  source: Pick<SettingsSource, "project" | "stack" | "certificate">,
  roles: RoleNames,
): { settings?: DockerSettings; problems: Problem[] } {
  const { target, server, database } = written;
  const { docker } = server;
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
  const name = docker.name ?? `${source.project}-${source.stack}`;
  const { tls, problems: tlsProblems } = readTls(docker, name, source.certificate);
  const problem = (path: readonly PropertyKey[], rule: string, value?: unknown): Problem =>
    problemAt(stackFile, path, { rule, ...(value !== undefined && { value }) });
  const problems = [
    ...(isHostOf(network, parseIpv4(gateway) ?? 0)
      ? []
      : [
          problem(
            [...PATH, "gateway"],
            `must be an address of a host in the subnet ${docker.subnet}`,
            gateway,
          ),
        ]),
    ...tlsProblems.map((rule) => problem([...PATH, "tls"], rule)),
    ...keyProblems(docker, written.tlsKey).map((rule) => problem(["tlsKey"], rule)),
    ...(docker.address === LOOPBACK || docker.tls
      ? []
      : [
          problem(
            [...PATH, "address"],
            "needs TLS, since passwords and data would cross the network in clear: declare server.docker.tls",
            docker.address,
          ),
        ]),
    ...docker.clients.flatMap((client, index) =>
      clientProblems(client, docker).map((rule) =>
        problem([...PATH, "clients", index, "tls"], rule, client.tls),
      ),
    ),
  ];
  return {
    settings: {
      image: docker.image,
      name,
      subnet: docker.subnet,
      gateway,
      directory: docker.directory ?? `.tenantry/${source.stack}/server`,
      address: docker.address,
      ...(tls && { tls }),
      clients: docker.clients.map((client) => ({
        cidr: client.cidr,
        role: roles[client.role],
        database: client.database ?? database,
        tls: client.tls ?? docker.tls !== undefined,
      })),
    },
    problems,
  };
}

/** Where this machine reaches what is published on an address: the loopback one is among all of them. */
export const hostOf = ({ address }: Pick<DockerSettings, "address">): string =>
  address === "0.0.0.0" ? LOOPBACK : address;

function readTls(
  { tls }: WrittenDocker,
  container: string,
  certificate: SettingsSource["certificate"],
): { tls?: TlsSettings; problems: string[] } {
  if (tls === undefined) return { problems: [] };
  if ((tls.names === undefined) === (tls.certificate === undefined))
    return { problems: ["must have either certificate, with the secret tlsKey, or names"] };
  if (tls.names === undefined)
    return { tls: { certificate: certificate?.text ?? "" }, problems: [] };
  const names = [...new Set([...tls.names, ...ALWAYS, container])];
  return { tls: { names, generation: tls.generation }, problems: [] };
}

function keyProblems({ tls }: WrittenDocker, key: Written["tlsKey"]): string[] {
  const needed = tls?.certificate !== undefined;
  if (needed === (key !== undefined)) return [];
  return needed
    ? [
        "must be the private key of server.docker.tls.certificate: pulumi config set --secret tlsKey < server.key",
      ]
    : ["is the key of server.docker.tls.certificate, and there is none: leave it out"];
}

function clientProblems(
  { cidr, tls }: WrittenDocker["clients"][number],
  { tls: offered, subnet }: WrittenDocker,
): string[] {
  if (tls === true && offered === undefined)
    return ["needs a server with TLS: declare server.docker.tls"];
  const [from, own] = [parseIpv4Network(cidr), parseIpv4Network(subnet)];
  const isNeighbour = from !== undefined && own !== undefined && isWithin(from, own);
  return tls === false && offered !== undefined && !isNeighbour
    ? [`must be true for a client from elsewhere than the container's own network, ${subnet}`]
    : [];
}
