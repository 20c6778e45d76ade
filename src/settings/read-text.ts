import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TenantryError, messageOf } from "../core/errors.ts";

/** @throws {TenantryError} TNT-114 when the file, relative to `root`, cannot be read */
export function readText(root: string, file: string): string {
  try {
    return readFileSync(join(root, file), "utf8");
  } catch (error) {
    throw new TenantryError("TNT-114", { file, reason: messageOf(error) }, { cause: error });
  }
}
