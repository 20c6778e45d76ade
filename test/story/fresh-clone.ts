import { spawnSync } from "node:child_process";
import { existsSync, lchownSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import pg from "pg";
import { onTestFinished } from "vitest";
import type { OsUser } from "../../src/server/os-user.ts";
import { cloneProject } from "../support/clone-project.ts";
import type { ClonedProject } from "../support/clone-project.ts";
import { scratchDirectory } from "../support/cluster.ts";
import { checkout } from "../support/project.ts";

/** How a command ended. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface FreshClone extends ClonedProject {
  /** What commands find in their environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Runs a command in the clone, with nobody at a terminal. */
  run: (command: string, args: readonly string[], more?: NodeJS.ProcessEnv) => Ran;
  npmStart: (...args: string[]) => Ran;
  tenantry: (...args: string[]) => Ran;
  /** A client of the stack's database, logged in as the superuser of its embedded server; to be ended by the caller. */
  administrator: () => Promise<pg.Client>;
}

/** The $PATH without a Pulumi CLI, so that the story is the same everywhere. */
const pathWithoutPulumi = (process.env.PATH ?? "")
  .split(delimiter)
  .filter((directory) => !existsSync(join(directory, "pulumi")))
  .join(delimiter);

function giveTo(user: OsUser, path: string): void {
  lchownSync(path, user.uid, user.gid);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) giveTo(user, inner);
    else lchownSync(inner, user.uid, user.gid);
  }
}

const canRead = ({ uid, gid }: OsUser, path: string): boolean =>
  spawnSync("test", ["-r", path], { uid, gid }).status === 0;

/**
 * Clones the checkout to be used as on a new machine.
 *
 * @param user who owns the clone and runs its commands; default: who runs the tests
 */
export async function freshClone(user?: OsUser): Promise<FreshClone> {
  const home = scratchDirectory("story");
  const copy = user !== undefined && !canRead(user, join(checkout, "node_modules"));
  const clone = await cloneProject(join(home, "clone"), { copy });
  if (user) giveTo(user, home);
  const env = {
    PATH: pathWithoutPulumi,
    HOME: home,
    NO_COLOR: "1",
    NO_UPDATE_NOTIFIER: "1",
  };
  const run: FreshClone["run"] = (command, args, more) => {
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd: clone.root,
      encoding: "utf8",
      ...(user && { uid: user.uid, gid: user.gid }),
      env: { ...env, ...more },
    });
    return { code: status, stdout, stderr };
  };
  const tenantry: FreshClone["tenantry"] = (...args) =>
    run("node", [join("bin", "tenantry.js"), ...args]);
  onTestFinished(() => {
    // A stack that is already gone has nothing to destroy.
    tenantry("destroy", "--yes");
  });
  return {
    ...clone,
    env,
    run,
    npmStart: (...args) => run("npm", ["start", "--silent", "--", ...args]),
    tenantry,
    administrator: async () => {
      const client = new pg.Client({
        ...{ host: "127.0.0.1", port: clone.port, user: "postgres", database: "nostromo" },
        password: readFileSync(join(clone.root, ".tenantry/dev/admin-password"), "utf8").trim(),
      });
      await client.connect();
      return client;
    },
  };
}
