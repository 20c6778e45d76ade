// Installs the dependencies when they are missing or differ from package-lock.json.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** @typedef {{ version?: string, optional?: boolean, link?: boolean }} Locked */

/** @param {string} file @returns {Record<string, Locked>} */
function packagesOf(file) {
  /** @type {unknown} */
  const lockfile = JSON.parse(readFileSync(file, "utf8"));
  return /** @type {{ packages: Record<string, Locked> }} */ (lockfile).packages;
}

/**
 * Whether node_modules holds what the lockfile says. npm keeps a copy of the lockfile of what it
 * installed; optional packages of other platforms are absent from it.
 * @param {string} root
 */
export function isInstalled(root) {
  const installedFile = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installedFile)) return false;
  const installed = packagesOf(installedFile);
  const locked = packagesOf(join(root, "package-lock.json"));
  return Object.entries(locked).every(
    ([path, entry]) =>
      path === "" ||
      (installed[path] ? installed[path].version === entry.version : entry.optional === true),
  );
}

/**
 * Runs `npm ci` when it is needed. npm's own output is shown only when it fails.
 * @param {string} root
 */
export function ensureInstalled(root) {
  if (isInstalled(root)) return;
  process.stderr.write("Installing the dependencies (npm ci), once ...\n");
  const started = Date.now();
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const result = spawnSync(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (result.status !== 0) {
    if (result.error) throw new Error(`npm cannot be run: ${result.error.message}`);
    process.stderr.write(result.stdout + result.stderr);
    throw new Error(`"npm ci" failed. Mend what it says above and run the command again.`);
  }
  process.stderr.write(`Installed in ${Math.round((Date.now() - started) / 1000)} s.\n`);
}
