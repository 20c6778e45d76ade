import { TenantryError } from "../../core/errors.ts";
import { quoteIdentifier } from "../../core/identifier.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import { sqlstateOf } from "../../postgres/sql-error.ts";
import { SQLSTATE } from "../../postgres/sqlstate.ts";
import { withClient } from "../../postgres/with-client.ts";
import { withTransaction } from "../../postgres/with-transaction.ts";
import type { FleetContext } from "../context.ts";
import { fleetQuery } from "../fleet-query.ts";
import { audit } from "../registry.ts";
import { step } from "../tenant-migrations.ts";

/** A session that may be ended. */
export interface IdleSession {
  readonly pid: number;
  /** When it began: a pid may be another session's by now. */
  readonly start: string;
  readonly role: string;
  readonly application: string;
  /** How long it has been idle. */
  readonly seconds: number;
}

/** The sessions of this database that have been idle for so many seconds; which are left out, see the query. */
export function idleSessions(ctx: FleetContext, seconds: number): Promise<IdleSession[]> {
  return withClient(ctx.pool, async (client) => {
    const [found] = await runStatements(client, [fleetQuery("maintain/idle-sessions", [seconds])]);
    return (found?.rows ?? []) as unknown as IdleSession[];
  });
}

/**
 * Ends those sessions that are as idle as before: whether they are is looked at in the statement that ends them. It is
 * written to the audit log.
 *
 * @returns the pids of the sessions that were ended
 * @throws {TenantryError} TNT-890 when the administrator may not end them; none is ended then
 */
export async function endIdleSessions(
  ctx: FleetContext,
  seconds: number,
  sessions: readonly IdleSession[],
): Promise<number[]> {
  const chosen = [sessions.map(({ pid }) => pid), sessions.map(({ start }) => start)];
  try {
    return await withTransaction(ctx.pool, { role: ctx.roles.owner }, async (client) => {
      const doing = "ending idle sessions";
      const [, found] = await runStatements(client, [
        // Ending sessions is the administrator's, writing it down the owner's.
        ...step(doing, ["set local role none"]),
        fleetQuery("maintain/end-idle-sessions", [seconds, ...chosen]),
        ...step(doing, [`set local role ${quoteIdentifier(ctx.roles.owner)}`]),
      ]);
      const ended = (found?.rows ?? []).filter((row) => row.ended === true);
      const roles = Map.groupBy(ended, ({ role }) => String(role));
      const after = {
        idleSeconds: seconds,
        ended: ended.length,
        roles: Object.fromEntries([...roles].map(([role, rows]) => [role, rows.length])),
      };
      if (ended.length > 0)
        await runStatements(client, [audit(ctx, "sessions.ended", null, null, after)]);
      return ended.map(({ pid }) => Number(pid));
    });
  } catch (cause) {
    if (sqlstateOf(cause) !== SQLSTATE.insufficientPrivilege) throw cause;
    const user = ctx.pool.options.user ?? "";
    throw new TenantryError("TNT-890", { user }, { cause });
  }
}
