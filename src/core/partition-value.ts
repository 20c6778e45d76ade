import { TenantryError } from "./errors.ts";
import { MAX_IDENTIFIER_BYTES } from "./identifier.ts";
import { PARTITIONS_SCHEMA, partitionName } from "./partition.ts";

/** What a key may be where there are no tenants: ids of any kind, uuids and numbers included. */
const VALUE = /^[A-Za-z0-9][A-Za-z0-9_.:@-]*$/;

/** Whether a text may be a value of the partition key, as far as no table is known. */
export const isPartitionValue = (key: string): boolean => VALUE.test(key);

/** @throws {TenantryError} TNT-843 for what cannot have partitions in schema partitions */
export function checkPartitionValue(key: string): void {
  if (!isPartitionValue(key)) throw new TenantryError("TNT-843", { key });
}

/**
 * Makes sure that the names of a key's partitions in schema partitions hold it whole.
 *
 * @param tables the shared tables
 * @throws {TenantryError} TNT-844 when one would be longer than PostgreSQL's 63 bytes
 */
export function checkPartitionNames(key: string, tables: readonly string[]): void {
  for (const table of tables) {
    const room =
      MAX_IDENTIFIER_BYTES - partitionName(table, { schema: PARTITIONS_SCHEMA, key: "" }).length;
    if (key.length > room) throw new TenantryError("TNT-844", { key, table, room });
  }
}
