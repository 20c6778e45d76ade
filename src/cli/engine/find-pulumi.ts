import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join, sep } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** How long `pulumi version` may take, in milliseconds; it needs some 50. */
const VERSION_TIMEOUT = 10_000;

/** The entries of a $PATH without those below a node_modules, where npm puts a wrapper that downloads. */
export function searchedDirectories(path: string): string[] {
  return path
    .split(delimiter)
    .filter((directory) => directory !== "" && !directory.split(sep).includes("node_modules"));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The installed Pulumi CLI: the first on $PATH, if it runs. */
export async function findPulumi(
  env: NodeJS.ProcessEnv,
): Promise<{ path: string; version: string } | undefined> {
  const program = process.platform === "win32" ? "pulumi.exe" : "pulumi";
  const path = searchedDirectories(env.PATH ?? "")
    .map((directory) => join(directory, program))
    .find(isExecutable);
  if (path === undefined) return undefined;
  try {
    const { stdout } = await run(path, ["version"], {
      env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeout: VERSION_TIMEOUT,
    });
    return { path, version: stdout.trim() };
  } catch {
    return undefined;
  }
}
