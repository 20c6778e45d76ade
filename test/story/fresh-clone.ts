import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  lchownSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { freePort } from "../../src/server/port-in-use.ts";
import type { OsUser } from "../../src/server/os-user.ts";
import { scratchDirectory } from "../support/cluster.ts";
import { checkout } from "../support/project.ts";

/** How a command ended. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A clone of the checkout's last commit, with what is installed there, on a port of its own. */
export interface FreshClone {
  readonly root: string;
  readonly port: number;
  readonly stackFile: string;
  /** Runs a command in the clone, with nobody at a terminal. */
  run: (command: string, args: readonly string[], env?: NodeJS.ProcessEnv) => Ran;
  npmStart: (...args: string[]) => Ran;
  tenantry: (...args: string[]) => Ran;
  /** Replaces a text of the stack file. */
  edit: (from: string | RegExp, to: string) => void;
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

/**
 * Clones the checkout. What npm would install is linked, since installing it again takes longer than the whole story.
 *
 * @param user who owns the clone and runs its commands; default: who runs the tests
 */
export async function freshClone(user?: OsUser): Promise<FreshClone> {
  const root = join(scratchDirectory("story"), "clone");
  execFileSync("git", ["clone", "--quiet", checkout, root]);
  symlinkSync(join(checkout, "node_modules"), join(root, "node_modules"));
  if (user) giveTo(user, dirname(root));
  const port = await freePort();
  const stackFile = join(root, "stacks", "Pulumi.dev.yaml");
  const run: FreshClone["run"] = (command, args, env) => {
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd: root,
      encoding: "utf8",
      ...(user && { uid: user.uid, gid: user.gid }),
      env: {
        PATH: pathWithoutPulumi,
        HOME: dirname(root),
        NO_COLOR: "1",
        NO_UPDATE_NOTIFIER: "1",
        ...env,
      },
    });
    return { code: status, stdout, stderr };
  };
  const edit: FreshClone["edit"] = (from, to) => {
    const text = readFileSync(stackFile, "utf8");
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`${stackFile} has no ${String(from)}`);
    writeFileSync(stackFile, changed);
  };
  edit(/port: \d+/, `port: ${port}`);
  const tenantry: FreshClone["tenantry"] = (...args) =>
    run("node", [join("bin", "tenantry.js"), ...args]);
  onTestFinished(() => {
    // A stack that is already gone has nothing to destroy.
    tenantry("destroy", "--yes");
  });
  return {
    root,
    port,
    stackFile,
    run,
    npmStart: (...args) => run("npm", ["start", "--silent", "--", ...args]),
    tenantry,
    edit,
  };
}
