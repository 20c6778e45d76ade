import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { setInterval } from "node:timers";

/** What a command and all its processes took. The server, which outlives them, is not among them. */
export interface Cost {
  readonly seconds: number;
  /** Of the processors, user and system. Absent where there is no /proc. */
  readonly cpuSeconds?: number;
  /** The most memory at one time, shared pages counted once, in bytes. Absent where there is no /proc. */
  readonly peakBytes?: number;
}

/** How often memory is looked at, in milliseconds. */
const PERIOD = 100;
/** Of Linux' clock that /proc counts processor time in: USER_HZ, 100 on every platform of Node. */
const TICKS_PER_SECOND = 100;

/**
 * Measures a process that has just been started, until its end.
 *
 * @throws {Error} with what it wrote, when it fails
 */
export async function costOf(child: ChildProcess): Promise<Cost> {
  const started = performance.now();
  const before = reapedCpuSeconds();
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (data: Buffer) => (output += data.toString()));
  let peak = 0;
  const looking = setInterval(() => {
    if (child.pid !== undefined) peak = Math.max(peak, treeBytes(child.pid));
  }, PERIOD);
  try {
    const [code] = (await once(child, "close")) as [number | null];
    if (code !== 0) throw new Error(`${child.spawnargs.join(" ")} failed:\n${output}`);
  } finally {
    clearInterval(looking);
  }
  const seconds = (performance.now() - started) / 1000;
  const after = reapedCpuSeconds();
  return {
    seconds,
    ...(before !== undefined && after !== undefined && { cpuSeconds: after - before }),
    ...(peak > 0 && { peakBytes: peak }),
  };
}

/** The processor time of this process' children that ended, and of theirs. */
function reapedCpuSeconds(): number | undefined {
  const stat = procFile("self", "stat");
  if (stat === undefined) return undefined;
  const [user = 0, system = 0] = afterName(stat).slice(13, 15).map(Number);
  return (user + system) / TICKS_PER_SECOND;
}

/** The proportional set size of a process and of all below it. */
function treeBytes(root: number): number {
  const parents = new Map<number, number>();
  for (const name of procNames()) {
    const stat = procFile(name, "stat");
    if (stat !== undefined) parents.set(Number(name), Number(afterName(stat)[1]));
  }
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === root || isBelow(parents.get(pid)));
  let kilobytes = 0;
  for (const pid of parents.keys())
    if (isBelow(pid))
      kilobytes += Number(
        /^Pss: +(\d+) kB/m.exec(procFile(String(pid), "smaps_rollup") ?? "")?.[1] ?? 0,
      );
  return kilobytes * 1024;
}

/** The fields behind the name, which may hold blanks and parentheses: the state is the first, the parent the second. */
const afterName = (stat: string): string[] => stat.slice(stat.lastIndexOf(")") + 2).split(" ");

function procNames(): string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** Undefined for a process that has ended meanwhile, and where there is no /proc. */
function procFile(pid: string, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined;
  }
}
