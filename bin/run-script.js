import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { projectNode } from "./project-node.js";

/** Compiled code of earlier runs, which halves the start of each process: this one's, the program's, the plugins'. */
const compileCache = join(
  dirname(fileURLToPath(import.meta.url)),
  ...["..", "node_modules", ".cache", "node"],
);

/**
 * Runs a script with the project's Node, as if it were this process: same terminal, signals and exit code. The
 * project's Node also comes first on $PATH, for what the script starts.
 * @param {string} script @param {string[]} args
 * @param {string} nodeOptions for it and every Node that it starts; what $NODE_OPTIONS says counts more
 */
export function runScript(script, args, nodeOptions = "") {
  const node = projectNode();
  const env = {
    NODE_COMPILE_CACHE: compileCache,
    ...process.env,
    NODE_OPTIONS: `${nodeOptions} ${process.env.NODE_OPTIONS ?? ""}`.trim(),
    PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}`,
  };
  const child = spawn(node, [script, ...args], { stdio: "inherit", env });
  // Ctrl-C reaches the child through the terminal: this process only waits for it.
  process.on("SIGINT", () => undefined);
  process.on("SIGHUP", () => child.kill("SIGHUP"));
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("error", (error) => {
    process.stderr.write(`${node} cannot be run: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    if (signal) {
      // End by the same signal, which this process otherwise does not heed.
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exitCode = code ?? 1;
  });
}
