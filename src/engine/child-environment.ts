import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * What every child gets: this process's environment, and a place where Node keeps what it has compiled. Most of a
 * program's and a plugin's start is compiling the Pulumi SDK, the same each time.
 */
export function childEnvironment(root: string): NodeJS.ProcessEnv {
  const modules = join(root, "node_modules");
  // A folder that cannot be written only means that nothing is kept.
  const cache = existsSync(modules) ? { NODE_COMPILE_CACHE: join(modules, ".cache", "node") } : {};
  return { ...cache, ...process.env };
}
