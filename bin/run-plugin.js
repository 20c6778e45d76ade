// Starts a Pulumi plugin from its executable, pulumi-resource-NAME: an engine runs that file with whatever Node
// comes first on $PATH. Plain JavaScript: it must load on any Node.
import { spawn } from "node:child_process";
import { clearInterval, setInterval } from "node:timers";
import { URL, fileURLToPath } from "node:url";
import { isSuitable, projectNode } from "./project-node.js";

/** How often this process looks whether the engine that started it is still there. */
const PARENT_INTERVAL_MS = 500;

/**
 * Runs the main.ts beside the executable: in this process when its Node can, else in one with the project's own
 * Node, with the same arguments and streams, passing on signals and the exit code.
 * @param {string} executable its `import.meta.url`
 */
export async function runPlugin(executable) {
  const main = new URL("main.ts", executable);
  if (isSuitable(process.version)) await import(main.href);
  else handOver(fileURLToPath(main));
}

/** @param {string} main */
function handOver(main) {
  const parent = process.ppid;
  const child = spawn(projectNode(), [main, ...process.argv.slice(2)], { stdio: "inherit" });
  /** @type {NodeJS.Signals[]} */
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  const watch = setInterval(() => {
    if (process.ppid !== parent) child.kill("SIGTERM");
  }, PARENT_INTERVAL_MS);
  child.on("error", (error) => {
    clearInterval(watch);
    process.stderr.write(`${main} cannot be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code) => {
    clearInterval(watch);
    process.exitCode = code ?? 1;
  });
}
