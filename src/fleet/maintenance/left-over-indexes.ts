import type { PoolClient } from "pg";
import { messageOf } from "../../core/errors.ts";
import { quoteIdentifier } from "../../core/identifier.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import { sqlstateOf } from "../../postgres/sql-error.ts";
import { SQLSTATE } from "../../postgres/sqlstate.ts";
import { fleetQuery } from "../fleet-query.ts";
import { step } from "../tenant-migrations.ts";
import { endsMaintenance } from "./ends-maintenance.ts";
import type { LeftOut } from "./maintain-tenant.ts";

const doing = "removing a left-over index";

/**
 * Drops the invalid `_ccnew` and `_ccold` indexes of a schema. They go before anything is reindexed: REINDEX would make
 * them whole, and each would be a second index of the same kind from then on.
 */
export async function removeLeftOvers(
  client: PoolClient,
  owner: string,
  schemaOid: string,
): Promise<{ readonly removed: string[]; readonly leftOut: LeftOut[] }> {
  const [found] = await runStatements(client, [
    fleetQuery("maintain/left-over-indexes", [schemaOid]),
  ]);
  const own = `set role ${quoteIdentifier(owner)}`;
  const removed: string[] = [];
  const leftOut: LeftOut[] = [];
  for (const { name, ofToast } of (found?.rows ?? []) as { name: string; ofToast: boolean }[])
    try {
      const drop = `drop index concurrently if exists ${name}`;
      // Only a superuser reaches into schema pg_toast.
      for (const statement of step(doing, ofToast ? ["reset role", drop, own] : [drop]))
        await runStatements(client, [statement]);
      removed.push(name);
    } catch (error) {
      if (endsMaintenance(error)) throw error;
      await runStatements(client, step(doing, [own]));
      const busy = sqlstateOf(error) === SQLSTATE.lockNotAvailable;
      leftOut.push({
        name,
        why: busy ? "busy" : "failed",
        reason: busy
          ? "left over; its table is in use, so the next run removes it"
          : messageOf(error),
      });
    }
  return { removed, leftOut };
}
