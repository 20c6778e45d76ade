import { copyFile, link, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { syncDirectory } from "../system/write-file.ts";

/**
 * Replaces a file as a whole: after a crash the old text or the new one is there, never a part. The old file stays
 * beside it as `.bak`.
 */
export async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = `${file}.tmp`;
  try {
    const handle = await open(temporary, "w", 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await keepBackup(file);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  syncDirectory(dirname(file));
}

/** Makes a directory and its parents, for this user only. */
export async function makePrivateDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
}

/** A second name costs no room on a full disk; where the file system has no links, a copy is made. */
async function keepBackup(file: string): Promise<void> {
  const backup = `${file}.bak`;
  await rm(backup, { force: true });
  await link(file, backup)
    .catch(ifMissing(undefined))
    .catch(() => copyFile(file, backup));
}

/** For `.catch`: a file that is not there gives a default; any other failure stays one. */
export function ifMissing<T>(otherwise: T): (error: unknown) => T {
  return (error) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return otherwise;
    throw error;
  };
}
