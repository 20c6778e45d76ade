import { publishedAddresses } from "./docker.ts";
import { requireFreePort } from "./port-in-use.ts";

interface Publication {
  /** The container's name. */
  readonly container: string;
  readonly port: number;
  /** Of this machine. */
  readonly address: string;
}

const LOOPBACK = "127.0.0.1";
const ALL = "0.0.0.0";

/**
 * Proves that a container can have its port of this machine, or has it.
 *
 * @throws {TenantryError} TNT-226, TNT-227, TNT-244
 */
export async function requireFreePublication({
  container,
  port,
  address,
}: Publication): Promise<void> {
  const own = await publishedAddresses(container, port);
  // Its own port stands in the way of all addresses, too.
  const isOwn = own.includes(address) || own.includes(ALL) || (address === ALL && own.length > 0);
  if (!isOwn) await requireFreePort(port, address === LOOPBACK ? undefined : [address]);
}
