import { statSync } from "node:fs";
import { dirname } from "node:path";
import type { OsUser } from "./os-user.ts";

/** Who owns a file and what they may do with it. */
export interface FileRights {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** Whether an account may pass through a folder, by its permission bits. */
export function canPass(folder: FileRights, user: OsUser): boolean {
  const shift = folder.uid === user.uid ? 6 : folder.gid === user.gid ? 3 : 0;
  return ((folder.mode >> shift) & 0o1) !== 0;
}

/**
 * Whether an account reaches a path: it may pass through the folder and all above it. What does not exist yet
 * does not count. Without an account, PostgreSQL runs as this process, which made the path.
 */
export function canEnter(path: string, user: OsUser | undefined): boolean {
  if (user === undefined) return true;
  const rights = statSync(path, { throwIfNoEntry: false });
  if (rights !== undefined && !canPass(rights, user)) return false;
  const parent = dirname(path);
  return parent === path || canEnter(parent, user);
}
