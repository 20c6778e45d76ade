import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TenantryError } from "../core/errors.ts";
import { createFile } from "../system/write-file.ts";

const fileName = (stack: string): string => join(".tenantry", stack, "admin-password");

/**
 * The password of the embedded server's administrator.
 *
 * @param root the project's directory
 * @throws {TenantryError} TNT-115 when there is none yet, or its file is empty
 */
export function readAdminPassword(root: string, stack: string): string {
  const file = fileName(stack);
  const path = join(root, file);
  if (!existsSync(path)) throw new TenantryError("TNT-115", { file, problem: "is not there yet" });
  const password = readFileSync(path, "utf8").trim();
  if (password === "") throw new TenantryError("TNT-115", { file, problem: "is empty" });
  return password;
}

/** Makes that password, of 256 random bits, for its owner's eyes only; one that is there stays. */
export function createAdminPassword(root: string, stack: string): string {
  const path = join(root, fileName(stack));
  if (!existsSync(path)) createFile(path, `${randomBytes(32).toString("base64url")}\n`, 0o600);
  return readAdminPassword(root, stack);
}
