import type { PoolClient } from "pg";
import { TenantryError } from "../../core/errors.ts";
import { countRows, detachPartitions, dropPartitions } from "../../core/partition.ts";
import { lockForPartitions } from "../../core/partition-locks.ts";
import type { TenantState } from "../../core/tenant.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import { audit } from "../registry.ts";
import { step } from "../tenant-migrations.ts";
import type { PartitionsContext } from "./context.ts";
import { publish } from "./publish.ts";
import { withValue } from "./target.ts";
import type { PartitionTarget } from "./target.ts";

/** What was dropped. */
export interface DestroyedPartitions {
  readonly id: string;
  /** None when there was nothing to drop. */
  readonly dropped: readonly { readonly table: string; readonly rows: number }[];
}

export interface DestroyOptions {
  /**
   * How many rows are to be lost. Default: 0, so that only empty partitions are dropped. Any other number than there
   * are is refused.
   */
  readonly rows?: number;
}

/**
 * Detaches and drops a value's partitions in schema partitions, all in one transaction, and only with as many rows as
 * the caller says: they are counted while nobody can write. What is not there is no error.
 *
 * @throws {TenantryError} TNT-845 for a tenant, whose partitions go with it; TNT-848 for another number of rows;
 *   TNT-843 and TNT-844 for what is no value; nothing is dropped then
 */
export async function destroyPartitions(
  ctx: PartitionsContext,
  id: string,
  { rows = 0 }: DestroyOptions = {},
): Promise<DestroyedPartitions> {
  const dropped = await withValue(ctx, id, "Dropping partitions of", async (client, target) => {
    await refuseTenant(client, id);
    return drop(client, ctx, target, rows);
  });
  for (const { table, rows: count, milliseconds: duration } of dropped)
    publish("tenantry:partition.destroy", { table, value: id, count, duration });
  return { id, dropped: dropped.map(({ table, rows: count }) => ({ table, rows: count })) };
}

async function refuseTenant(client: PoolClient, id: string): Promise<void> {
  const [found] = await runStatements(client, [
    {
      text: "select id, state from tenantry.registry where id = $1 or key = $1",
      values: [id],
      file: "looking for a tenant",
    },
  ]);
  const [tenant] = (found?.rows ?? []) as { id: string; state: TenantState }[];
  if (tenant !== undefined) throw new TenantryError("TNT-845", tenant);
}

async function drop(
  client: PoolClient,
  ctx: PartitionsContext,
  { owner, tables }: PartitionTarget,
  expected: number,
) {
  const there = tables.filter(({ attached, detached }) => attached || detached);
  if (there.length === 0) return [];
  const results = await runStatements(client, [
    ...step("locking the shared tables", lockForPartitions(there, "drop")),
    ...there.map((table) => ({
      text: countRows(table, owner),
      file: `counting the rows of ${table.name}`,
    })),
  ]);
  const counts = results.slice(-there.length).map(({ rows }) => Number(rows[0]?.rows));
  const counted = there.map((table, index) => ({ table: table.name, rows: counts[index] ?? 0 }));
  const rows = counts.reduce((sum, count) => sum + count, 0);
  if (rows !== expected)
    throw new TenantryError("TNT-848", { key: owner.key, expected, rows, tables: counted });
  const timed = await Promise.all(
    there.map(async (table) => {
      const attached = table.attached ? detachPartitions([table], owner) : [];
      const done = await runStatements(
        client,
        step(`dropping a partition of ${table.name}`, [
          ...attached,
          ...dropPartitions([table], owner),
        ]),
      );
      return done.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    }),
  );
  await runStatements(client, [audit(ctx, "partition.destroyed", owner.key, counted, null)]);
  return counted.map((table, index) => ({ ...table, milliseconds: timed[index] ?? 0 }));
}
