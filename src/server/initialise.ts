import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { TenantryError } from "../core/errors.ts";
import type { Binaries } from "./binaries.ts";
import { program } from "./binaries.ts";
import type { OsUser } from "./os-user.ts";
import { isAlive } from "../system/is-alive.ts";
import { moveUnlessThere } from "./reachable-binaries.ts";
import { run } from "./run.ts";

export interface InitialiseOptions {
  readonly binaries: Binaries;
  readonly osUser: OsUser | undefined;
  readonly dataDirectory: string;
  /** The superuser. */
  readonly user: string;
  readonly password: string;
  /** Whether everything is on disk when it returns. Default true; tests do without. */
  readonly sync?: boolean;
}

/**
 * Makes a data directory with initdb: UTF8, data checksums, SCRAM for every login. It appears complete or not at
 * all, also when several processes make it at once: the first one wins.
 *
 * @throws {TenantryError} TNT-225 when initdb fails.
 */
export async function initialise(options: InitialiseOptions): Promise<void> {
  const { dataDirectory, osUser } = options;
  removeLeftovers(dataDirectory);
  const partial = mkdtempSync(`${dataDirectory}.new-${process.pid}-`);
  try {
    const passwordFile = join(partial, "password");
    writeFileSync(passwordFile, `${options.password}\n`, { mode: 0o600 });
    if (osUser) for (const path of [partial, passwordFile]) chownSync(path, osUser.uid, osUser.gid);
    const data = join(partial, "data");
    const { code, output } = await run(
      program(options.binaries, "initdb"),
      initdbArguments(options, data, passwordFile),
      osUser,
    );
    if (code !== 0) throw new TenantryError("TNT-225", { directory: dataDirectory, output });
    chmodSync(data, 0o700);
    moveUnlessThere(data, dataDirectory);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

function initdbArguments(
  { user, sync = true }: InitialiseOptions,
  data: string,
  passwordFile: string,
): string[] {
  // C.UTF-8 sorts by code point, the same on every machine, so that no system update can damage an index.
  const locale = process.platform === "linux" ? "C.UTF-8" : "C";
  return [
    ...["-D", data, "-U", user, "--pwfile", passwordFile, "--auth=scram-sha-256"],
    ...["--encoding=UTF8", `--locale=${locale}`, "--data-checksums"],
    ...(sync ? [] : ["--no-sync"]),
  ];
}

/** Removes what processes that were killed left beside a data directory; it may hold a password. */
export function removeLeftovers(dataDirectory: string): void {
  const prefix = `${basename(dataDirectory)}.new-`;
  const parent = dirname(dataDirectory);
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix) || isAlive(Number.parseInt(name.slice(prefix.length)))) continue;
    const leftover = join(parent, name);
    // An initdb that outlived its parent still writes there, and cleans up by itself: both break a removal off.
    while (existsSync(leftover)) rmSync(leftover, { recursive: true, force: true, maxRetries: 10 });
  }
}
