import { spawn } from "node:child_process";
import type { SpawnOptions } from "node:child_process";
import type { OsUser } from "./os-user.ts";

/**
 * How PostgreSQL's programs are started: as the account given, from a folder that any account can enter, with
 * messages in English, and without this process's environment, which holds secrets and PG* variables.
 */
export function spawnOptions(user: OsUser | undefined): SpawnOptions {
  const { PATH, SystemRoot, TMPDIR, TEMP } = process.env;
  return {
    cwd: process.platform === "win32" ? undefined : "/",
    env: { PATH, SystemRoot, TMPDIR, TEMP, LC_ALL: "C" },
    ...(user && { uid: user.uid, gid: user.gid }),
  };
}

/** How a program ended: its exit code (null after a signal) and what it wrote, both streams in order. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program to its end. Rejects only when it cannot be started. */
export function run(
  program: string,
  args: readonly string[],
  user: OsUser | undefined,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...spawnOptions(user),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ code, output });
    });
  });
}
