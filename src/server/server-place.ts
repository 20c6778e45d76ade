import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { TenantryError } from "../core/errors.ts";
import { canEnter } from "./can-enter.ts";
import type { OsUser } from "./os-user.ts";

/**
 * Where a server's programs and files lie when the project is out of reach for PostgreSQL's account; only root needs
 * it. `$TENANTRY_SHARED_DIRECTORY` names another place.
 */
export function sharedDirectory(): string {
  return process.env.TENANTRY_SHARED_DIRECTORY ?? "/var/lib/tenantry";
}

/** The folders and files of one embedded server. */
export interface ServerPlace {
  readonly directory: string;
  readonly data: string;
  readonly config: string;
  readonly log: string;
}

export function placeIn(directory: string): ServerPlace {
  return {
    directory,
    data: join(directory, "data"),
    config: join(directory, "config"),
    log: join(directory, "server.log"),
  };
}

/**
 * Decides between the project's own folder and one outside of it: where data is already, it stays; else inside,
 * if PostgreSQL's account can enter it.
 */
export function choosePlace(inside: string, outside: string, facts: PlaceFacts): string {
  if (facts.insideHasData) return inside;
  return facts.outsideHasData || !facts.insideIsReachable ? outside : inside;
}

export interface PlaceFacts {
  readonly insideHasData: boolean;
  readonly outsideHasData: boolean;
  readonly insideIsReachable: boolean;
}

/**
 * The place of the server whose directory is given, relative to the project's root: there, or in `shared` when
 * PostgreSQL's account cannot enter the project (a checkout below /root).
 */
export function serverPlace(
  directory: string,
  user: OsUser | undefined,
  { root = process.cwd(), shared = sharedDirectory() } = {},
): ServerPlace {
  const inside = resolve(root, directory);
  const key = createHash("sha256").update(inside).digest("hex").slice(0, 16);
  const outside = join(shared, key);
  return placeIn(
    choosePlace(inside, outside, {
      insideHasData: existsSync(placeIn(inside).data),
      outsideHasData: user !== undefined && existsSync(placeIn(outside).data),
      insideIsReachable: canEnter(root, user),
    }),
  );
}

/**
 * Makes a folder that every account can pass through, whatever the umask. Folders above it that are ours and below
 * the project's root are opened so far, too: not for reading, only for passing.
 */
export function makeOpenDirectory(path: string, root = process.cwd()): void {
  const parent = dirname(path);
  const { mode } = statSync(path, { throwIfNoEntry: false }) ?? {};
  const isInside = path !== root && path.startsWith(root + sep);
  if (mode === undefined || isInside) makeOpenDirectory(parent, root);
  if (mode === undefined) {
    mkdirSync(path, { recursive: true });
    chmodSync(path, 0o755);
  } else if (isInside && (mode & 0o011) !== 0o011) chmodSync(path, mode | 0o011);
}

/**
 * Makes the folder that root shares with PostgreSQL's account.
 *
 * @throws {TenantryError} TNT-222 when somebody else could have put something there.
 */
export function makeSharedDirectory(path: string): void {
  makeOpenDirectory(path);
  const { uid, mode } = statSync(path);
  if (uid !== process.geteuid?.() || (mode & 0o022) !== 0)
    throw new TenantryError("TNT-222", { path });
}
