import { TenantryError } from "../core/errors.ts";
import { runStatements } from "../postgres/run-statements.ts";
import { sqlstateOf } from "../postgres/sql-error.ts";
import { SQLSTATE } from "../postgres/sqlstate.ts";
import { withTransaction } from "../postgres/with-transaction.ts";
import type { FleetContext } from "./context.ts";
import type { Diagnosis } from "./examine-fleet.ts";
import { fleetQuery } from "./fleet-query.ts";

/**
 * Writes down in the books how many findings there are, for those who may not examine the fleet themselves.
 *
 * @throws {TenantryError} TNT-440 when the books are of an older form
 */
export async function recordExamination(
  ctx: FleetContext,
  { tenants, findings }: Diagnosis,
): Promise<void> {
  const counts: Record<string, number> = {};
  for (const { code } of findings) counts[code] = (counts[code] ?? 0) + 1;
  const values = [ctx.stack, tenants, JSON.stringify(counts)];
  try {
    await withTransaction(ctx.pool, { role: ctx.roles.owner, signal: ctx.signal }, (client) =>
      runStatements(client, [fleetQuery("fleet/save-examination", values)]),
    );
  } catch (cause) {
    if (sqlstateOf(cause) !== SQLSTATE.undefinedTable) throw cause;
    const { database = "" } = ctx.pool.options;
    throw new TenantryError("TNT-440", { database }, { cause });
  }
}
