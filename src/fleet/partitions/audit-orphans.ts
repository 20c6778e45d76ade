import type { SharedTablePartitions, Orphans } from "../../core/shared-table-partitions.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import { withTransaction } from "../../postgres/with-transaction.ts";
import { fleetQuery } from "../fleet-query.ts";
import { orphansQuery } from "../orphans-query.ts";
import { withoutBooks } from "../tenant-session.ts";
import type { PartitionsContext } from "./context.ts";

/** The orphans of one key in a shared table. */
export interface KeyOrphans {
  readonly key: string;
  readonly rows: number;
}

/** What the DEFAULT partition of a shared table holds. */
export interface TableOrphans {
  readonly table: string;
  /** In all. */
  readonly rows: number;
  readonly keys: readonly KeyOrphans[];
}

/**
 * Counts the rows that are in no partition of their own, by shared table and key; a table without any is in the list,
 * too. A table that cannot be read is an error, never a zero.
 *
 * @throws {TenantryError} TNT-415 when the database has no books; TNT-506 for what PostgreSQL refuses
 */
export async function auditOrphans(ctx: PartitionsContext): Promise<TableOrphans[]> {
  try {
    return await withTransaction(
      ctx.pool,
      { role: ctx.roles.owner, signal: ctx.signal },
      async (client) => {
        const [found] = await runStatements(client, [
          fleetQuery("doctor/partitions", [ctx.partitionKey]),
        ]);
        const tables = (found?.rows ?? []) as unknown as SharedTablePartitions[];
        const [counted] = await runStatements(client, [orphansQuery(ctx, tables)]);
        const orphans = (counted?.rows ?? []) as unknown as Orphans[];
        return tables.map(({ name, defaultPartition }) => {
          const keys = orphans
            .filter(({ partition }) => partition === defaultPartition)
            .map(({ key, rows }) => ({ key, rows }));
          return { table: name, rows: keys.reduce((sum, { rows }) => sum + rows, 0), keys };
        });
      },
    );
  } catch (cause) {
    throw withoutBooks(ctx, cause);
  }
}
