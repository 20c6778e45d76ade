import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isInstalled } from "../../bin/install.js";
import { freePort } from "./free-port.ts";

const checkout = join(import.meta.dirname, "..", "..");

/** The checkout's last commit in a folder of its own, with its stack `dev` on a free port. */
export interface ClonedProject {
  readonly root: string;
  readonly port: number;
  /** Replaces a text of the stack file, which must be there. */
  readonly edit: (from: string | RegExp, to: string) => void;
  readonly stackFile: string;
}

/**
 * Clones the checkout. What npm installed there is linked, or copied for who cannot read it there: installing it again
 * takes longer than what is done with the clone.
 *
 * @param root the folder to make
 * @throws {Error} when what is installed is not what the commit says: the clone would run `npm ci`
 */
export async function cloneProject(root: string, { copy = false } = {}): Promise<ClonedProject> {
  execFileSync("git", ["clone", "--quiet", checkout, root]);
  const installed = join(checkout, "node_modules");
  if (copy) execFileSync("cp", ["-R", installed, root]);
  else linkEntries(installed, join(root, "node_modules"));
  if (!isInstalled(root)) throw new Error(`${installed} is not what is committed: run "npm ci".`);
  const stackFile = join(root, "stacks", "Pulumi.dev.yaml");
  const edit: ClonedProject["edit"] = (from, to) => {
    const text = readFileSync(stackFile, "utf8");
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`${stackFile} has no ${String(from)}`);
    writeFileSync(stackFile, changed);
  };
  const port = await freePort();
  edit(/port: \d+/, `port: ${port}`);
  return { root, port, edit, stackFile };
}

/** A folder of links rather than a link to the folder, which npm would empty if it installed anything. */
function linkEntries(from: string, to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(from))
    if (name !== ".cache") symlinkSync(join(from, name), join(to, name));
}
