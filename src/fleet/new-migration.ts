import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { TenantryError } from "../core/errors.ts";
import { MIGRATION_TEMPLATE } from "../core/migration-template.ts";
import { nextMigrationName } from "../core/migration.ts";
import { readSqlArea } from "./sql-files.ts";

/**
 * Writes an empty migration of the tenants, with the next number.
 *
 * @param directory the folder sql/
 * @param words what it does, `add_bonus`
 * @returns the file, from the project's root
 * @throws {TenantryError} TNT-651 and TNT-652 for words that cannot be taken, TNT-511 while the one before is still
 *   empty.
 */
export function newMigration(directory: string, words: string): string {
  const folder = join(directory, "tenant");
  const name = nextMigrationName(readSqlArea(directory, "tenant"), words);
  try {
    writeFileSync(join(folder, name), MIGRATION_TEMPLATE, { flag: "wx" });
  } catch (cause) {
    // Another one took the name since.
    if ((cause as NodeJS.ErrnoException).code === "EEXIST")
      throw new TenantryError("TNT-652", { file: `sql/tenant/${name}` }, { cause });
    throw cause;
  }
  return `sql/tenant/${name}`;
}
