import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
} from "node:fs";
import { renameSync, rmSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Binaries } from "./binaries.ts";
import { program } from "./binaries.ts";
import { canEnter } from "./can-enter.ts";
import type { OsUser } from "./os-user.ts";
import { makeSharedDirectory, sharedDirectory } from "./server-place.ts";

/**
 * The programs where the account can run them: as they are, or as a copy in `shared`, made once for each version
 * of the package.
 *
 * @throws {TenantryError} TNT-222
 */
export function reachableBinaries(
  binaries: Binaries,
  user: OsUser | undefined,
  shared = sharedDirectory(),
): Binaries {
  const bin = join(binaries.directory, "bin");
  const runnable = (statSync(program(binaries, "postgres")).mode & 0o005) === 0o005;
  if (user === undefined || (runnable && canEnter(bin, user))) return binaries;
  makeSharedDirectory(shared);
  const directory = join(shared, `postgresql-${binaries.packageVersion}`);
  if (!existsSync(directory)) {
    const partial = `${directory}.${process.pid}`;
    rmSync(partial, { recursive: true, force: true });
    copyOpen(binaries.directory, partial);
    moveUnlessThere(partial, directory);
  }
  return { ...binaries, directory };
}

/** Renames a folder; when another process was first, drops it. */
export function moveUnlessThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
    rmSync(from, { recursive: true, force: true });
  }
}

/** Copies a folder so that every account can read it and run what is a program in it. */
function copyOpen(from: string, to: string): void {
  mkdirSync(to);
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyOpen(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else {
      copyFileSync(source, target, constants.COPYFILE_FICLONE);
      chmodSync(target, (statSync(source).mode & 0o100) === 0 ? 0o644 : 0o755);
    }
  }
}
