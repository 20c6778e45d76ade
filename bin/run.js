#!/usr/bin/env node
// Runs a script of the project from a fresh clone: installs what is missing, then hands over to a Node that
// runs TypeScript as it is. Used by the npm scripts: node bin/run.js SCRIPT [ARG ...]
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "./install.js";
import { runScript } from "./run-script.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [script = "", ...args] = process.argv.slice(2);
try {
  ensureInstalled(root);
  runScript(join(root, script), args);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
