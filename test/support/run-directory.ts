import { chmodSync, mkdirSync, readdirSync, rmSync } from "node:fs";
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
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length)) : NaN;
    // One with this very number is of a process that had it before.
    if (pid === process.pid || (pid > 0 && !isAlive(pid)))
      await removeRunDirectory(join(tmpdir(), name));
  }
  const directory = join(tmpdir(), `${PREFIX}${process.pid}`);
  mkdirSync(directory);
  chmodSync(directory, 0o755);
  process.env[VARIABLE] = directory;
  // What root keeps outside of a project, when the tests' account cannot enter it, ends with the run, too.
  process.env.TENANTRY_SHARED_DIRECTORY = join(directory, "outside");
}

/** Stops every server whose data directory lies below the directory, at any depth, and removes it. */
export async function removeRunDirectory(directory: string): Promise<void> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true });
  const servers = files.filter(({ name }) => name === "postmaster.pid");
  await Promise.all(servers.map(({ parentPath }) => stopServer(parentPath, "immediate", 20)));
  rmSync(directory, { recursive: true, force: true });
}
