import { randomUUID } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive } from "../../src/system/is-alive.ts";
import { stopServer } from "../../src/server/stop-server.ts";

/** Holds the path of this run's directory, for the processes of the run. */
const VARIABLE = "TENANTRY_TEST_RUN";
const PREFIX = "tenantry-test-";

/** The directory of this test run: template, clusters and whatever tests put there. */
export function runDirectory(): string {
  const directory = process.env[VARIABLE];
  if (directory === undefined) throw new Error("test/support/global-setup.ts has not run");
  return directory;
}

/** Makes the directory, and removes those of earlier runs that were killed. */
export async function makeRunDirectory(): Promise<void> {
  await removeDeadRuns(tmpdir());
  const directory = join(tmpdir(), `${PREFIX}${process.pid}`);
  mkdirSync(directory);
  chmodSync(directory, 0o755);
  process.env[VARIABLE] = directory;
  // What root keeps outside of a project, when the tests' account cannot enter it, ends with the run, too.
  process.env.TENANTRY_SHARED_DIRECTORY = join(directory, "outside");
}

/** Removes what runs left that were killed. Several may do so at once: each directory is one's alone. */
export async function removeDeadRuns(parent: string): Promise<void> {
  for (const name of readdirSync(parent)) {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length)) : NaN;
    // One with this very number is of a process that had it before.
    if (pid !== process.pid && !(pid > 0 && !isAlive(pid))) continue;
    // Under our number, so that the next one goes on if this one is killed, too.
    const claimed = join(parent, `${PREFIX}${process.pid}.${randomUUID()}`);
    if (claim(join(parent, name), claimed)) await removeRunDirectory(claimed);
  }
}

/** Whether a directory was there to be had. */
function claim(directory: string, claimed: string): boolean {
  try {
    renameSync(directory, claimed);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return false;
  }
}

/** Stops every server whose data directory lies below the directory, at any depth, and removes it. */
export async function removeRunDirectory(directory: string): Promise<void> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true });
  const servers = files.filter(({ name }) => name === "postmaster.pid");
  await Promise.all(servers.map(({ parentPath }) => stopServer(parentPath, "immediate", 20)));
  rmSync(directory, { recursive: true, force: true });
}
