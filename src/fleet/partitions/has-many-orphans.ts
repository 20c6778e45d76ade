import type { ClientBase } from "pg";
import { countOrphans } from "../../core/partition.ts";
import type { PartitionOwner } from "../../core/partition.ts";
import type { SharedTable } from "../../core/shared-table.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import { step } from "../tenant-migrations.ts";
import { DEFAULT_BATCH_SIZE } from "./batch-size.ts";

/**
 * Whether more rows of a table wait in DEFAULT than should be moved while others are locked out. Asked in a transaction
 * that is to attach partitions; it keeps no lock on DEFAULT, where another one would wait for it who stands before it in
 * the line.
 */
export async function hasManyOrphans(
  client: ClientBase,
  tables: readonly SharedTable[],
  owner: PartitionOwner,
): Promise<boolean> {
  const counts = tables
    .filter(({ mayHaveOrphans }) => mayHaveOrphans)
    .flatMap((table) => countOrphans(table, owner, DEFAULT_BATCH_SIZE + 1) ?? []);
  if (counts.length === 0) return false;
  const results = await runStatements(
    client,
    step("counting orphans", ["savepoint counting", ...counts, "rollback to savepoint counting"]),
  );
  return results.some(({ rows: [count] }) => Number(count?.rows) > DEFAULT_BATCH_SIZE);
}
