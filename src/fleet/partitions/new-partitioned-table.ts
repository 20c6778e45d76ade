import type { PartitionPlacement } from "../../core/partition.ts";
import { partitionedTableSql, readPartitionedTable } from "../../core/partitioned-table.ts";
import { writeMigration } from "../write-migration.ts";

/**
 * Writes the migration of a partitioned table, with the next number.
 *
 * @param directory the folder sql/
 * @param written its columns, `topic:text`
 * @returns the file, from the project's root
 * @throws {TenantryError} TNT-850 for names and types that cannot be, TNT-652 when a migration has the table's name
 */
export function newPartitionedTable(
  directory: string,
  name: string,
  written: readonly string[],
  settings: { readonly partitionKey: string; readonly partitions: PartitionPlacement },
): string {
  const table = readPartitionedTable(name, written, settings.partitionKey);
  return writeMigration(directory, "shared", name, partitionedTableSql(table, settings.partitions));
}
