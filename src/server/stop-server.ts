import { setTimeout as sleep } from "node:timers/promises";
import { TenantryError } from "../core/errors.ts";
import { isAlive } from "../system/is-alive.ts";
import { serverStatus } from "./server-status.ts";

/** PostgreSQL's ways to stop: `fast` ends connections and writes everything, `immediate` leaves that to recovery. */
export type StopMode = "fast" | "immediate";

const SIGNALS = { fast: "SIGINT", immediate: "SIGQUIT" } as const;

/**
 * Stops the server of a data directory, if one runs, and waits for its end.
 *
 * @throws {TenantryError} TNT-229 when it does not end within the seconds given.
 */
export async function stopServer(
  dataDirectory: string,
  mode: StopMode = "fast",
  deadlineSeconds = 120,
): Promise<void> {
  const status = serverStatus(dataDirectory);
  if (status === undefined) return;
  const deadline = Date.now() + deadlineSeconds * 1000;
  process.kill(status.pid, SIGNALS[mode]);
  while (isAlive(status.pid) && serverStatus(dataDirectory)?.pid === status.pid) {
    if (Date.now() > deadline)
      throw new TenantryError("TNT-229", { pid: status.pid, seconds: deadlineSeconds });
    await sleep(20);
  }
}
