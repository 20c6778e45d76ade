import type { MigrationArea } from "../core/migration.ts";
import { readSqlArea } from "./sql-files.ts";

/**
 * SHA-256 of each migration of an area, by file name: what the Pulumi program declares, so that an added file is a
 * difference.
 *
 * @param directory the folder sql/
 */
export function migrationChecksums(directory: string, area: MigrationArea): Record<string, string> {
  return Object.fromEntries(
    readSqlArea(directory, area).map(({ name, checksum }) => [name, checksum]),
  );
}
