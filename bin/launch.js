// How every command of a fresh clone begins.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "./install.js";
import { runScript } from "./run-script.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * Installs what is missing, then hands over to a Node that runs TypeScript as it is.
 * @param {string} script path relative to the project @param {string[]} args
 * @param {string} [nodeOptions] as {@link runScript} takes them
 */
export function launch(script, args, nodeOptions) {
  try {
    ensureInstalled(root);
    runScript(join(root, script), args, nodeOptions);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
