import type { HbaRule } from "./pg-hba.ts";

/** Who may also connect, from elsewhere than the host of the container. */
export interface Client {
  /** Network in CIDR notation. */
  readonly cidr: string;
  /** The role's name. */
  readonly role: string;
  readonly database: string;
  /** Whether it must use TLS. */
  readonly tls: boolean;
}

const LOOPBACK = "127.0.0.1/32";

/**
 * The records for a server in a container, made of those for one on the host itself. Whoever comes from the host
 * through the published port has the gateway of the container's network as address, or the published one: what is
 * said of 127.0.0.1 is also said of them. Clients come before the record that refuses everybody else.
 */
export function containerHba(
  rules: readonly HbaRule[],
  host: readonly string[],
  clients: readonly Client[],
): HbaRule[] {
  const own = rules.flatMap((rule) =>
    rule.address === LOOPBACK
      ? [rule, ...host.map((address) => ({ ...rule, address: `${address}/32` }))]
      : [rule],
  );
  const admitted = clients.map(({ cidr, role, database, tls }): HbaRule => ({
    type: tls ? "hostssl" : "host",
    // In quotes, since a name such as "replication" would be a keyword. With the plus, for the role's two logins, too.
    database: `"${database}"`,
    user: `+"${role}"`,
    address: cidr,
    method: "scram-sha-256",
    options: [],
    line: 0,
  }));
  return [...own.slice(0, -1), ...admitted, ...own.slice(-1)];
}
