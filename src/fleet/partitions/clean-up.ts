import { auditOrphans } from "./audit-orphans.ts";
import type { TableOrphans } from "./audit-orphans.ts";
import { checkBatchSize, DEFAULT_BATCH_SIZE } from "./batch-size.ts";
import type { PartitionsContext } from "./context.ts";
import { createPartitions } from "./create-partitions.ts";
import type { BatchOptions, CreatedPartitions } from "./create-partitions.ts";
import { listPartitions } from "./list-partitions.ts";
import type { PartitionRow } from "./list-partitions.ts";

/** What a cleanup came to. */
export interface CleanedOrphans {
  /** Who got partitions or rows. */
  readonly cleaned: readonly CreatedPartitions[];
  /** What is still in DEFAULT: rows of nobody, or of a retired tenant. */
  readonly left: readonly TableOrphans[];
}

/**
 * Moves the rows in DEFAULT to the partitions of those they belong to, one tenant or value after the other, and
 * attaches what a killed run left behind. Rows of nobody stay where they are. It can be killed at any point and run
 * again.
 *
 * @throws {TenantryError} what `createPartitions` throws, for the first one that fails; those before are done
 */
export async function cleanUp(
  ctx: PartitionsContext,
  { batchSize = DEFAULT_BATCH_SIZE }: BatchOptions = {},
): Promise<CleanedOrphans> {
  checkBatchSize(batchSize);
  const before = await auditOrphans(ctx);
  const keys = new Set(before.flatMap((table) => table.keys.map(({ key }) => key)));
  const cleaned: CreatedPartitions[] = [];
  for (const row of await listPartitions(ctx))
    if (mayBeCleaned(ctx, row) && isUnfinished(row, keys))
      cleaned.push(await createPartitions(ctx, row.id, { batchSize }));
  return {
    cleaned,
    left: (await auditOrphans(ctx)).filter(({ rows }) => rows > 0),
  };
}

const mayBeCleaned = ({ placement, stack }: PartitionsContext, row: PartitionRow): boolean =>
  placement === "values"
    ? row.tenant === null
    : row.tenant !== null && row.state !== "retired" && row.stack === stack;

const isUnfinished = ({ key, detached, missing }: PartitionRow, keys: Set<string>): boolean =>
  detached.length > 0 || (missing.length > 0 && keys.has(key));
