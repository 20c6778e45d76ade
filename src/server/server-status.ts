import { readFileSync, readlinkSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../system/is-alive.ts";

/** A server that runs on a data directory. */
export interface ServerStatus {
  readonly pid: number;
  readonly port: number;
  /** Whether it takes connections; else it starts, recovers or stops. */
  readonly ready: boolean;
}

/** What `postmaster.pid` says: pid, data directory, start time, port, socket folder, address, shared memory, state. */
export function parsePostmasterPid(text: string): ServerStatus | undefined {
  const lines = text.split("\n");
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3] ?? 0), ready: lines[7]?.trim() === "ready" };
}

/** The server that runs on a data directory, if one does. A pid file that was left behind does not count. */
export function serverStatus(dataDirectory: string): ServerStatus | undefined {
  let status: ServerStatus | undefined;
  try {
    status = parsePostmasterPid(readFileSync(join(dataDirectory, "postmaster.pid"), "utf8"));
  } catch {
    return undefined;
  }
  return status && isAlive(status.pid) && worksIn(status.pid, dataDirectory) ? status : undefined;
}

/**
 * Whether a process has the data directory as its current one, as every postmaster does: after a crash its number
 * may be another program's. Where the system does not tell, the number has to do.
 */
function worksIn(pid: number, dataDirectory: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataDirectory);
  } catch (error) {
    // A zombie's link cannot be read (ENOENT): it is no server any more.
    return process.platform !== "linux" || (error as NodeJS.ErrnoException).code !== "ENOENT";
  }
}
