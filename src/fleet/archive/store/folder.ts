import { randomUUID } from "node:crypto";
import { createWriteStream, existsSync } from "node:fs";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { messageOf, TenantryError } from "../../../core/errors.ts";
import { syncDirectory } from "../../../system/write-file.ts";
import type { ArchivePlace } from "./archive-place.ts";

/** Folders of this machine, for their owner alone. A location is an absolute path. */
export const FOLDER: ArchivePlace = {
  async write(path, content) {
    // Under another name until it is whole and on the disk.
    const temporary = `${path}.${randomUUID()}`;
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await pipeline(
        content,
        createWriteStream(temporary, { flags: "wx", mode: 0o600, flush: true }),
      );
      await rename(temporary, path);
    } catch (error) {
      content.destroy();
      await rm(temporary, { force: true }).catch(() => undefined);
      throw refused(path, error);
    }
    syncDirectory(dirname(path));
  },

  async read(path) {
    try {
      return (await open(path)).createReadStream();
    } catch (cause) {
      throw new TenantryError("TNT-703", { file: path, reason: messageOf(cause) }, { cause });
    }
  },

  present: (paths) => Promise.resolve(paths.filter((path) => existsSync(path))),

  async list(folder) {
    if (!existsSync(folder)) return [];
    try {
      return (await readdir(folder)).map((name) => join(folder, name));
    } catch (cause) {
      throw new TenantryError("TNT-703", { file: folder, reason: messageOf(cause) }, { cause });
    }
  },
};

/** What a file is called until it is whole. */
const UNFINISHED = /\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Removes what killed programs left half written. Only for who keeps others from writing such files meanwhile.
 *
 * @param prefix of the files' names
 * @throws {TenantryError} TNT-712 when the system refuses
 */
export async function removeUnfinished(folder: string, prefix: string): Promise<void> {
  try {
    if (!existsSync(folder)) return;
    for (const name of await readdir(folder))
      if (name.startsWith(prefix) && UNFINISHED.test(name))
        await rm(join(folder, name), { force: true });
  } catch (cause) {
    throw refused(folder, cause);
  }
}

/** What the system said, in our words; any other error as it is. */
function refused(file: string, cause: unknown): unknown {
  if (!(cause instanceof Error && "syscall" in cause)) return cause;
  return new TenantryError("TNT-712", { file, reason: cause.message }, { cause });
}
