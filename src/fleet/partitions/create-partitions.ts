import type { PoolClient } from "pg";
import { attachPartitions, PARTITIONS_SCHEMA } from "../../core/partition.ts";
import type { PartitionStep } from "../../core/partition.ts";
import type { StatementResult } from "../../postgres/run-statements.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import { audit } from "../registry.ts";
import { checkBatchSize, DEFAULT_BATCH_SIZE } from "./batch-size.ts";
import type { PartitionsContext } from "./context.ts";
import { drainDefault } from "./drain-default.ts";
import type { MovedRows } from "./drain-default.ts";
import { ensurePartitionsSchema } from "./partitions-schema.ts";
import { publish } from "./publish.ts";
import { withTarget } from "./target.ts";
import type { PartitionTarget } from "./target.ts";

/** What became of somebody's partitions. */
export interface CreatedPartitions {
  /** The tenant's id, or the value. */
  readonly id: string;
  /** The value of the partition key. */
  readonly key: string;
  /** The shared tables whose partition was attached now; none when all were there. */
  readonly created: readonly string[];
  /** The orphans that were moved there, by table. */
  readonly moved: readonly { readonly table: string; readonly rows: number }[];
}

export interface BatchOptions {
  /**
   * How many orphans of a table are moved and attached at once, in one transaction. Default: 10,000. Of a table with
   * more, all but so many are moved before, a few at a time.
   */
  readonly batchSize?: number;
}

/**
 * Gives a tenant, or a value, its partition of each shared table, in one transaction, with the rows that waited for
 * it in DEFAULT. What is there already stays as it is. What a killed run left behind is finished.
 *
 * @throws {TenantryError} TNT-841 to TNT-844 and TNT-847 for who cannot have partitions, TNT-846 for a batch size that
 *   is none; TNT-403 when a table is in use for too long
 */
export async function createPartitions(
  ctx: PartitionsContext,
  id: string,
  { batchSize = DEFAULT_BATCH_SIZE }: BatchOptions = {},
): Promise<CreatedPartitions> {
  checkBatchSize(batchSize);
  const drained = await drainDefault(ctx, id, batchSize);
  const attached = await withTarget(ctx, id, "Attaching partitions of", (client, target) =>
    attach(client, ctx, id, target, drained),
  );
  for (const { table, made, moves, milliseconds } of attached.tables) {
    const [value, count] = [attached.key, moves.rows];
    if (count > 0)
      publish("tenantry:partition.populate", { table, value, count, duration: moves.milliseconds });
    if (made) publish("tenantry:partition.create", { table, value, count, duration: milliseconds });
  }
  return {
    id,
    key: attached.key,
    created: attached.tables.filter(({ made }) => made).map(({ table }) => table),
    moved: attached.tables.flatMap(({ table, moves }) =>
      moves.rows > 0 ? [{ table, rows: moves.rows }] : [],
    ),
  };
}

async function attach(
  client: PoolClient,
  ctx: PartitionsContext,
  id: string,
  { owner, tables }: PartitionTarget,
  drained: readonly MovedRows[],
) {
  const missing = tables.filter(({ attached }) => !attached);
  const steps = attachPartitions(missing, owner);
  if (missing.length > 0 && owner.schema === PARTITIONS_SCHEMA)
    await ensurePartitionsSchema(client, ctx);
  const results = await runStatements(
    client,
    steps.map(({ text, table }) => ({ text, file: `attaching a partition of ${table}` })),
  );
  const done = tables.map(({ name, attached }) => sumUp(name, !attached, steps, results, drained));
  if (missing.length > 0)
    await runStatements(client, [
      audit(ctx, "partition.created", id, null, {
        key: owner.key,
        rows: Object.fromEntries(
          done.filter(({ made }) => made).map(({ table, moves }) => [table, moves.rows]),
        ),
      }),
    ]);
  return { key: owner.key, tables: done };
}

/** What was done for one table, what was moved before included. */
function sumUp(
  table: string,
  made: boolean,
  steps: readonly PartitionStep[],
  results: readonly StatementResult[],
  drained: readonly MovedRows[],
) {
  const mine = results.filter((_, index) => steps[index]?.table === table);
  const moves = results.filter(
    (_, index) => steps[index]?.table === table && steps[index].does === "move",
  );
  const before = drained.find((drain) => drain.table === table);
  const time = (list: readonly StatementResult[]): number =>
    list.reduce((sum, { milliseconds }) => sum + milliseconds, before?.milliseconds ?? 0);
  return {
    table,
    made,
    milliseconds: time(mine),
    moves: {
      rows: moves.reduce((sum, { rowCount }) => sum + (rowCount ?? 0), before?.rows ?? 0),
      milliseconds: time(moves),
    },
  };
}
