import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { TenantryError } from "../core/errors.ts";
import { portOwner } from "../server/port-owner.ts";
import { interruptible } from "./interruptible.ts";

/** Only this machine gets at it, whatever else is between. */
const LOOPBACK = "127.0.0.1";

/**
 * Lets a server listen until Ctrl-C or SIGTERM, which are its usual ends: no new request is taken then, and those that
 * are under way are finished. A second one ends the process at once.
 *
 * @param port 0: one that is free
 * @param onListening told the port
 * @throws {TenantryError} TNT-896 when the port cannot be had
 */
export async function listenUntilInterrupted(
  server: Server,
  port: number,
  onListening: (port: number) => void,
): Promise<void> {
  await interruptible(
    async (signal) => {
      server.listen({ port, host: LOOPBACK, exclusive: true });
      try {
        await once(server, "listening");
      } catch (cause) {
        const { code = "" } = cause as NodeJS.ErrnoException;
        throw new TenantryError("TNT-896", { port, code, owner: portOwner(port) }, { cause });
      }
      onListening((server.address() as AddressInfo).port);
      if (!signal.aborted) await once(signal, "abort");
      const closed = once(server, "close");
      server.close();
      await closed;
    },
    () => undefined,
  );
}
