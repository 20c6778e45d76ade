import { accessSync, constants, statSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf, TenantryError } from "../core/errors.ts";
import { writeFile } from "../system/write-file.ts";

/** A page names all customers: it is its writer's alone, unless somebody opened the file that was there. */
const PRIVATE = 0o600;

/**
 * Refuses a place where no page can be written.
 *
 * @throws {TenantryError} TNT-892 when the folder is not there or may not be written to, or the place is no file's
 */
export function requirePlace(file: string): void {
  const folder = dirname(file);
  refusing(file, () => {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
      throw new Error(`there is no folder ${folder}`);
    accessSync(folder, constants.W_OK);
    if (statSync(file, { throwIfNoEntry: false })?.isFile() === false)
      throw new Error("something else than a file is there");
  });
}

/**
 * Writes a page whole or not at all; a file that is there keeps its mode, a new one is its writer's alone.
 *
 * @throws {TenantryError} TNT-892 when it cannot be written
 */
export function writePage(file: string, text: string): void {
  refusing(file, () => {
    const { mode = PRIVATE } = statSync(file, { throwIfNoEntry: false }) ?? {};
    writeFile(file, text, mode & 0o777);
  });
}

function refusing(file: string, work: () => void): void {
  try {
    work();
  } catch (cause) {
    throw new TenantryError("TNT-892", { file, reason: messageOf(cause) }, { cause });
  }
}
