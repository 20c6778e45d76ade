import { once } from "node:events";
import { createServer } from "node:net";
import { TenantryError } from "../core/errors.ts";
import { portOwner } from "./port-owner.ts";

const LOOPBACK: readonly string[] = ["127.0.0.1", "::1"];

/**
 * Proves that a TCP port of this machine is free.
 *
 * @param hosts on these addresses. Default: the loopback ones.
 * @throws {TenantryError} TNT-226 when it is taken (with the process, if the system tells), TNT-227 when this
 *   account may not use it, TNT-244 when this machine does not have the address.
 */
export async function requireFreePort(port: number, hosts = LOOPBACK): Promise<void> {
  for (const host of hosts) {
    const code = await tryListen(port, host);
    if (code === "EADDRINUSE") throw new TenantryError("TNT-226", { port, owner: portOwner(port) });
    if (code === "EACCES") throw new TenantryError("TNT-227", { port });
    if (code === "EADDRNOTAVAIL" && hosts !== LOOPBACK)
      throw new TenantryError("TNT-244", { address: host });
  }
}

async function tryListen(port: number, host: string): Promise<string | undefined> {
  const server = createServer().listen({ port, host, exclusive: true });
  try {
    await once(server, "listening");
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  } finally {
    server.close();
  }
}
