import { randomUUID } from "node:crypto";
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

/** Makes a rename in a directory itself last. Windows cannot open a directory, and needs no such thing. */
export function syncDirectory(path: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Writes under another name, to the disk, then gives it its place: whole or not at all, also when the machine stops. */
function write(
  path: string,
  text: string,
  mode: number,
  place: (from: string, to: string) => void,
): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}`;
  try {
    writeFileSync(temporary, text, { mode, flag: "wx", flush: true });
    // The process's umask may have taken bits away that others need.
    chmodSync(temporary, mode);
    place(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
  syncDirectory(dirname(path));
}

/**
 * Writes a file whole or not at all; folders on the way are made.
 *
 * @param mode of the file. Default: readable for all.
 */
export function writeFile(path: string, text: string, mode = 0o644): void {
  write(path, text, mode, renameSync);
}

/** Writes a file unless it is there: of several processes that do so at once, one wins and all find its text. */
export function createFile(path: string, text: string, mode: number): void {
  try {
    write(path, text, mode, linkSync);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
