import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TenantryError } from "../core/errors.ts";
import type { Settings } from "./settings.ts";
import { createFile } from "../system/write-file.ts";

const fileName = (stack: string): string => join(".tenantry", stack, "admin-password");

/** Whose password it is. */
type Whose = Pick<Settings, "stack" | "target">;

/**
 * The administrator's password, where the stack has no secret of its own.
 *
 * @param root the project's directory
 * @throws {TenantryError} TNT-115 when there is none yet, or its file is empty; TNT-117 for an existing server, whose
 *   password cannot be made
 */
export function readAdminPassword(root: string, { stack, target }: Whose): string {
  const file = fileName(stack);
  const path = join(root, file);
  const refuse = (problem: string): TenantryError =>
    target === "existing"
      ? new TenantryError("TNT-117", { file, stack, problem })
      : new TenantryError("TNT-115", { file, problem });
  if (!existsSync(path)) throw refuse("is not there yet");
  const password = readFileSync(path, "utf8").trim();
  if (password === "") throw refuse("is empty");
  return password;
}

/**
 * Makes that password, of 256 random bits, for its owner's eyes only; one that is there stays. Nobody can make the one
 * of an existing server.
 *
 * @throws {TenantryError} as `readAdminPassword`
 */
export function createAdminPassword(root: string, whose: Whose): string {
  const { stack, target } = whose;
  const path = join(root, fileName(stack));
  if (target !== "existing" && !existsSync(path))
    createFile(path, `${randomBytes(32).toString("base64url")}\n`, 0o600);
  return readAdminPassword(root, whose);
}
