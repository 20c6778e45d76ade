import { readFileSync } from "node:fs";
import { TenantryError } from "../core/errors.ts";

/** An account of the operating system. */
export interface OsUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** The accounts of a passwd file (`name:x:uid:gid:...`), in its order. */
export function parsePasswd(text: string): OsUser[] {
  return text.split("\n").flatMap((line) => {
    const [name = "", , uid = "", gid = ""] = line.split(":");
    return /^\d+$/.test(uid) && /^\d+$/.test(gid)
      ? [{ name, uid: Number(uid), gid: Number(gid) }]
      : [];
  });
}

/**
 * The account that PostgreSQL runs as: root is refused by PostgreSQL, so that root needs another one. That is
 * `wanted` when it is given, else `postgres` when there is one, else `nobody`.
 *
 * @throws {TenantryError} TNT-221 when there is none, or when the wanted one is root or does not exist.
 */
export function chooseOsUser(accounts: readonly OsUser[], wanted?: string): OsUser {
  const names = wanted === undefined ? ["postgres", "nobody"] : [wanted];
  for (const name of names) {
    const account = accounts.find((one) => one.name === name);
    if (account !== undefined && account.uid !== 0) return account;
  }
  throw new TenantryError("TNT-221", { names });
}

/**
 * The account to drop to for PostgreSQL's processes, or undefined when they can run as this process does (it is
 * not root). `$TENANTRY_OS_USER` names another account than the usual one.
 *
 * @throws {TenantryError} TNT-221
 */
export function osUser(): OsUser | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  return chooseOsUser(
    parsePasswd(readFileSync("/etc/passwd", "utf8")),
    process.env.TENANTRY_OS_USER,
  );
}
