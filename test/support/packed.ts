import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { scratchDirectory } from "./cluster.ts";
import { checkout } from "./project.ts";
import { runDirectory } from "./run-directory.ts";

/**
 * Variables with which npm asks no registry: it does for peers, whether they are there or not. Its cache is the run's.
 */
export const offline = (): Record<string, string> => ({
  npm_config_offline: "true",
  npm_config_legacy_peer_deps: "true",
  npm_config_update_notifier: "false",
  npm_config_cache: join(runDirectory(), "npm-cache"),
});

/**
 * Builds the package that applications install, and packs it.
 *
 * @returns the archive
 */
export function packPackage(): string {
  const directory = scratchDirectory("package");
  const dist = join(directory, "dist");
  execFileSync(process.execPath, [join(checkout, "bin", "build-package.ts"), dist]);
  const packed = execFileSync("npm", ["pack", "--silent", "--pack-destination", directory], {
    cwd: dist,
    encoding: "utf8",
    env: { ...process.env, ...offline() },
  });
  return join(directory, packed.trim());
}
