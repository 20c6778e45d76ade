// Finds a Node that can run the TypeScript sources as they are. Plain JavaScript: it must load on any Node.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The first Node version that strips types without a flag. */
export const MINIMUM_NODE = "22.18.0";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** @param {string} version @returns {boolean} whether this Node version runs the sources. */
export function isSuitable(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  const [wantMajor = 0, wantMinor = 0] = MINIMUM_NODE.split(".").map(Number);
  return major > wantMajor || (major === wantMajor && minor >= wantMinor);
}

/**
 * The Node that runs the project: the current one when it is new enough, else the one that the npm
 * package `node` brought.
 * @returns {string} the path of the executable
 * @throws {Error} when neither is there; the message says what to do
 */
export function projectNode() {
  if (isSuitable(process.version)) return process.execPath;
  const windows = process.platform === "win32";
  const own = join(root, "node_modules", "node", "bin", windows ? "node.exe" : "node");
  if (existsSync(own)) return own;
  throw new Error(
    `tenantry needs Node ${MINIMUM_NODE} or newer and found ${process.version}. ` +
      `Run "npm ci" in ${root}, which brings its own Node, or install Node 24.`,
  );
}
