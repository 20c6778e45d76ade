import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Linux's number for a socket that listens, in /proc/net/tcp. */
const LISTEN = "0A";

/** The inodes of the sockets that listen on a port, from the text of /proc/net/tcp or tcp6. */
export function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return table.split("\n").flatMap((line) => {
    const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
    return state === LISTEN && local.endsWith(suffix) ? [inode] : [];
  });
}

/**
 * The process that listens on a port, as `process 4711 (postgres in /path/of/its/data)`; undefined where the system
 * does not tell.
 */
export function portOwner(port: number): string | undefined {
  try {
    const inodes = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) =>
      listeningInodes(readFileSync(table, "utf8"), port),
    );
    const sockets = new Set(inodes.map((inode) => `socket:[${inode}]`));
    const pid = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .find((name) => openFiles(name).some((file) => sockets.has(file)));
    if (pid === undefined) return undefined;
    const command = readFileSync(`/proc/${pid}/comm`, "utf8").trim();
    return `process ${pid} (${command} in ${readlinkSync(`/proc/${pid}/cwd`)})`;
  } catch {
    return undefined;
  }
}

/** What a process has open; nothing when it is another account's. */
function openFiles(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`);
      } catch {
        return "";
      }
    });
  } catch {
    return [];
  }
}
