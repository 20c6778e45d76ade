import type { PartitionsContext } from "../../src/fleet/partitions/context.ts";
import { cleanUp } from "../../src/fleet/partitions/clean-up.ts";
import { createPool } from "../../src/postgres/pool.ts";
import type { Connection } from "../../src/postgres/pool.ts";

/** What a cleanup in a process of its own is told, as JSON. */
export interface CleanUpOrder {
  readonly connection: Connection;
  readonly context: Omit<PartitionsContext, "pool">;
  readonly batchSize: number;
}

/** A cleanup in a process of its own, to be killed: `clean-up-child.ts ORDER`. */
const { connection, context, batchSize } = JSON.parse(process.argv[2] ?? "") as CleanUpOrder;
const pool = createPool(connection);
await cleanUp({ ...context, pool }, { batchSize });
await pool.end();
