import { messageOf, TenantryError } from "../core/errors.ts";
import { containerLog, containerStatus } from "./docker.ts";

/**
 * Waits for the server in a container, and lets the container itself say why it failed.
 *
 * @param container its id
 * @throws {TenantryError} TNT-240 at once when it is gone, TNT-239 with its state and last lines when the time is over
 */
export async function explainContainer<T>(container: string, wait: () => Promise<T>): Promise<T> {
  const shown = container.slice(0, 12);
  if ((await containerStatus(container)) === undefined)
    throw new TenantryError("TNT-240", { container: shown });
  try {
    return await wait();
  } catch (cause) {
    if (!(cause instanceof TenantryError && cause.code === "TNT-231")) throw cause;
    const [status = "gone", log] = [
      await containerStatus(container),
      await containerLog(container),
    ];
    const reason = messageOf(cause);
    throw new TenantryError("TNT-239", { container: shown, status, log, reason }, { cause });
  }
}
