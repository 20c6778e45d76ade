import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf, TenantryError } from "../core/errors.ts";
import { toMigrations } from "../core/migration.ts";
import type { Migration, MigrationArea } from "../core/migration.ts";

/**
 * The migrations of an area, in order. Folders and files that do not end in `.sql` are left aside.
 *
 * @param directory the folder sql/, which holds a folder for each area
 * @throws {TenantryError} TNT-501 and TNT-502 for wrong names and numbers, TNT-509 when the folder cannot be read.
 */
export function readSqlArea(directory: string, area: MigrationArea): Migration[] {
  const folder = join(directory, area);
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith(".sql"));
    return toMigrations(
      area,
      new Map(names.map((name) => [name, readFileSync(join(folder, name), "utf8")])),
    );
  } catch (cause) {
    if (cause instanceof TenantryError) throw cause;
    throw new TenantryError("TNT-509", { directory: folder, reason: messageOf(cause) }, { cause });
  }
}
