import {
  chmodSync,
  closeSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

/** Writes a file that every account can read, whole or not at all, also when the machine stops. */
export function writeDurably(file: string, text: string): void {
  const temporary = `${file}.new-${process.pid}`;
  const handle = openSync(temporary, "w", 0o644);
  try {
    writeFileSync(handle, text);
    fsyncSync(handle);
    chmodSync(temporary, 0o644);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(handle);
  }
  syncDirectory(dirname(file));
}

/** Windows cannot open a directory, and needs no such thing. */
function syncDirectory(directory: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(directory, "r");
  fsyncSync(handle);
  closeSync(handle);
}
