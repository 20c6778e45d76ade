import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { TenantryError } from "../core/errors.ts";
import { nextMigrationName } from "../core/migration.ts";
import type { MigrationArea } from "../core/migration.ts";
import { readSqlArea } from "./sql-files.ts";

/**
 * Writes the next migration of an area.
 *
 * @param directory the folder sql/
 * @param words what it does, `add_bonus`
 * @returns the file, from the project's root
 * @throws {TenantryError} TNT-651 and TNT-652 for words that cannot be taken, TNT-511 while the one before is still
 *   empty.
 */
export function writeMigration(
  directory: string,
  area: MigrationArea,
  words: string,
  text: string,
): string {
  const name = nextMigrationName(readSqlArea(directory, area), words, area);
  const file = `sql/${area}/${name}`;
  try {
    writeFileSync(join(directory, area, name), text, { flag: "wx" });
  } catch (cause) {
    // Another one took the name since.
    if ((cause as NodeJS.ErrnoException).code === "EEXIST")
      throw new TenantryError("TNT-652", { file }, { cause });
    throw cause;
  }
  return file;
}
