import { publishedAddresses } from "./docker.ts";
import { requireFreePort } from "./port-in-use.ts";

const ALL = "0.0.0.0";

/**
 * Proves that a container can have its port of this machine, on each of the addresses.
 *
 * @param container what of it runs already has its port
 * @throws {TenantryError} TNT-226, TNT-227, TNT-244
 */
export async function requireFreeAddresses({
  name,
  port,
  addresses,
}: {
  readonly name: string;
  readonly port: number;
  readonly addresses: readonly string[];
}): Promise<void> {
  const own = await publishedAddresses(name, port);
  // Its own port stands in the way of all addresses, too.
  const isOwn = (address: string): boolean =>
    own.includes(address) || own.includes(ALL) || (address === ALL && own.length > 0);
  await requireFreePort(
    port,
    addresses.filter((address) => !isOwn(address)),
  );
}
