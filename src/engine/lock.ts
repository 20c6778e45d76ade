import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { basename, dirname, join } from "node:path";
import { TenantryError } from "../core/errors.ts";
import { isAlive } from "../system/is-alive.ts";
import { ifMissing, makePrivateDirectory } from "./files.ts";

/** A lock as the Pulumi CLI writes it, and what lets this engine tell for certain that its owner is gone. */
interface LockContent {
  readonly pid: number;
  readonly username: string;
  readonly hostname: string;
  readonly timestamp: string;
  readonly owner?: ProcessIdentity;
}

interface ProcessIdentity {
  /** The running system and the numbering of its processes: the same pid elsewhere is another process. */
  readonly system: string;
  /** When the process started, since pids are used again. */
  readonly started: string;
}

/** Takes its name from the file system, so that a second engine in this process sees it too. */
const held = new Set<string>();

/** A stack's lock: one engine at a time, the Pulumi CLI included. */
export class StackLock {
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
  }

  /**
   * @param directory the stack's folder of locks
   * @returns the lock, and whether one that a dead engine left was taken over
   * @throws TNT-305 when somebody else holds it
   */
  static async take(directory: string): Promise<{ lock: StackLock; takenOver: boolean }> {
    await makePrivateDirectory(directory);
    const takenOver = await removeDead(directory);
    const file = join(directory, `${randomUUID()}.json`);
    await writeWhole(file);
    held.add(file);
    // Two that started at once both see each other here, and both step back.
    const others = (await readLocks(directory)).filter((other) => other.file !== file);
    const lock = new StackLock(file);
    if (others[0]) {
      await lock.release();
      throw lockedBy(others[0]);
    }
    await removeUnfinished(directory);
    return { lock, takenOver };
  }

  async release(): Promise<void> {
    await rm(this.#file, { force: true });
    held.delete(this.#file);
  }

  /** Leaves the file for the next run of this engine to take over: its journal is not folded yet. */
  abandon(): void {
    held.delete(this.#file);
  }
}

/**
 * Makes the lock with its owner in it at once: a lock without one, of an engine that was killed in between, nobody could
 * take over. It comes from beside the folder, since the CLI takes every file in there for a lock.
 */
async function writeWhole(file: string): Promise<void> {
  const unfinished = `${dirname(file)}.${process.pid}.${basename(file)}`;
  try {
    await writeFile(unfinished, JSON.stringify(ownContent()), { mode: 0o600 });
    await rename(unfinished, file);
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** Removes what engines left that were killed while they made their lock. */
async function removeUnfinished(directory: string): Promise<void> {
  const place = dirname(directory);
  for (const name of await readdir(place)) {
    const [, pid] = /^\.(\d+)\..*\.json$/.exec(name.slice(basename(directory).length)) ?? [];
    if (!name.startsWith(`${basename(directory)}.`) || pid === undefined) continue;
    if (!isAlive(Number(pid))) await rm(join(place, name), { force: true });
  }
}

export interface FoundLock {
  readonly file: string;
  readonly content: Partial<LockContent>;
}

export async function readLocks(directory: string): Promise<FoundLock[]> {
  const names = (await readdir(directory).catch(ifMissing<string[]>([]))).filter((name) =>
    name.endsWith(".json"),
  );
  return await Promise.all(
    names.map(async (name) => {
      const file = join(directory, name);
      try {
        return { file, content: JSON.parse(await readFile(file, "utf8")) as LockContent };
      } catch {
        return { file, content: {} };
      }
    }),
  );
}

async function removeDead(directory: string): Promise<boolean> {
  const locks = await readLocks(directory);
  for (const found of locks) {
    if (!isCertainlyDead(found)) throw lockedBy(found);
    await rm(found.file, { force: true });
  }
  return locks.length > 0;
}

/** Only a lock of this engine, made on this running system, can be judged. */
function isCertainlyDead({ file, content: { pid, owner } }: FoundLock): boolean {
  if (pid === undefined || owner?.system !== systemIdentity()) return false;
  if (pid === process.pid && owner.started === startOf(pid)) return !held.has(file);
  return !isAlive(pid) || startOf(pid) !== owner.started;
}

function lockedBy({ file, content }: FoundLock): TenantryError {
  const { pid, username = "somebody", hostname: host = "an unknown host", timestamp } = content;
  const here = host === hostname() && pid !== undefined;
  return new TenantryError("TNT-305", {
    file,
    owner: `${username}@${host}${pid === undefined ? "" : ` (pid ${pid})`}`,
    since: timestamp ?? "an unknown time",
    ...(here && { running: isAlive(pid) }),
  });
}

function ownContent(): LockContent {
  return {
    pid: process.pid,
    username: userName(),
    hostname: hostname(),
    timestamp: new Date().toISOString(),
    owner: { system: systemIdentity(), started: startOf(process.pid) },
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}

function systemIdentity(): string {
  const boot = readOr("", () => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  const processes = readOr("", () => readlinkSync("/proc/self/ns/pid"));
  return [hostname(), boot, processes].join(" ");
}

/** Field 22 of /proc/PID/stat, counted after the command's closing parenthesis; empty where there is no /proc. */
function startOf(pid: number): string {
  return readOr("", () => {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  });
}

function readOr<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
