#!/usr/bin/env node
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "./install.js";
import { runScript } from "./run-script.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
try {
  ensureInstalled(root);
  runScript(join(root, "src", "cli", "main.ts"), process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
