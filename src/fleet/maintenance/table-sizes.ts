import { runStatements } from "../../postgres/run-statements.ts";
import { sqlstateOf } from "../../postgres/sql-error.ts";
import { SQLSTATE } from "../../postgres/sqlstate.ts";
import { withTransaction } from "../../postgres/with-transaction.ts";
import type { FleetContext } from "../context.ts";
import { fleetQuery } from "../fleet-query.ts";
import { withoutBooks } from "../tenant-session.ts";

/** What is at stake: the largest table of some tenants, and all of theirs. Bytes with indexes and TOAST. */
export interface TableSizes {
  readonly table: string;
  readonly bytes: number;
  readonly allBytes: number;
}

/** The sizes of one tenant's tables, or of all tenants'; undefined when there are none, or one is locked by others. */
export async function tableSizes(
  ctx: FleetContext,
  id: string | undefined,
): Promise<TableSizes | undefined> {
  try {
    const [found] = await withTransaction(ctx.pool, { role: ctx.roles.owner }, (client) =>
      runStatements(client, [fleetQuery("maintain/table-sizes", [ctx.stack, id ?? null])]),
    );
    return found?.rows[0] as unknown as TableSizes | undefined;
  } catch (error) {
    if (sqlstateOf(error) === SQLSTATE.lockNotAvailable) return undefined;
    throw withoutBooks(ctx, error);
  }
}
