import { MIGRATION_TEMPLATE } from "../core/migration-template.ts";
import { writeMigration } from "./write-migration.ts";

/**
 * Writes an empty migration of the tenants, with the next number.
 *
 * @param directory the folder sql/
 * @param words what it does, `add_bonus`
 * @returns the file, from the project's root
 * @throws {TenantryError} TNT-651 and TNT-652 for words that cannot be taken, TNT-511 while the one before is still
 *   empty.
 */
export const newMigration = (directory: string, words: string): string =>
  writeMigration(directory, "tenant", words, MIGRATION_TEMPLATE);
