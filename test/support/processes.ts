import { execFileSync } from "node:child_process";
import { readdirSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A process and how it was started. */
interface Process {
  readonly pid: number;
  readonly command: string;
}

/** The processes that a process started and that still run. */
export function childrenOf(parent: number): Process[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  return [...lines.matchAll(/^ *(\d+) +(\d+) (.*)$/gm)]
    .filter(([, , ppid]) => Number(ppid) === parent)
    .map(([, pid, , command = ""]) => ({ pid: Number(pid), command }));
}

/** The processes that work in a folder; only where there is /proc. */
export function processesIn(folder: string): number[] {
  const isThere = (pid: string): boolean => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === folder;
    } catch {
      return false;
    }
  };
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid) && isThere(pid))
    .map(Number);
}

/** Resolves when no process works in a folder any more. */
export async function goneFrom(folder: string): Promise<void> {
  while (processesIn(folder).length > 0) await sleep(20);
}

/** SIGKILL, also for one that has just ended by itself. */
export function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
