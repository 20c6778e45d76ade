import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TenantryError } from "../core/errors.ts";

/** The major version whose data directories these programs can open. */
export const MAJOR_VERSION = "16";

/**
 * Whether there is a finished data directory.
 *
 * @throws {TenantryError} TNT-223 when it is of another major version, TNT-224 when it is something else.
 */
export function hasData(dataDirectory: string): boolean {
  if (!existsSync(dataDirectory)) return false;
  const versionFile = join(dataDirectory, "PG_VERSION");
  if (!existsSync(versionFile) || !existsSync(join(dataDirectory, "global", "pg_control")))
    throw new TenantryError("TNT-224", { directory: dataDirectory });
  const version = readFileSync(versionFile, "utf8").trim();
  if (version !== MAJOR_VERSION)
    throw new TenantryError("TNT-223", { directory: dataDirectory, version });
  return true;
}

/**
 * The number that initdb gave to the cluster, as `pg_control_system()` shows it. It opens pg_control, in the
 * machine's byte order.
 */
export function systemIdentifier(dataDirectory: string): string {
  const control = readFileSync(join(dataDirectory, "global", "pg_control"));
  return control.readBigUInt64LE(0).toString();
}
