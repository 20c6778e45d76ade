import { TenantryError } from "../core/errors.ts";

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "there is no space left on the disk",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  EACCES: "permission is denied",
  EPERM: "the operation is not permitted",
  ENOTDIR: "a file stands where a folder is needed",
};

/**
 * Does work on files, and says in words what the system refused.
 *
 * @throws {TenantryError} TNT-233
 */
export async function explainFileErrors<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const { code = "", path } = cause as NodeJS.ErrnoException;
    const reason = REASONS[code];
    if (reason === undefined || path === undefined) throw cause;
    throw new TenantryError("TNT-233", { path, reason }, { cause });
  }
}
