import { makeRunDirectory, removeRunDirectory, runDirectory } from "./run-directory.ts";

/** Gives the run a directory of its own; the servers in it are started by the tests that need them. */
export async function setup(): Promise<void> {
  await makeRunDirectory();
}

/** Runs after the last test, also when some failed or their process died: no server outlives the run. */
export async function teardown(): Promise<void> {
  await removeRunDirectory(runDirectory());
}
