import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A file that this stack keeps on this machine, below `.tenantry/<stack>/`. */
export function stackFile(root: string, stack: string, name: string): string {
  return join(root, ".tenantry", stack, name);
}

/** Reads a small file, without the line end; nothing when it is not there. */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").replace(/\r?\n$/, "");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
