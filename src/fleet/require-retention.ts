import type { ClientBase } from "pg";
import { TenantryError } from "../core/errors.ts";
import { removableFrom, showMoment } from "../core/retention.ts";
import type { Retirement } from "../core/retention.ts";
import { runStatements } from "../postgres/run-statements.ts";
import { withTransaction } from "../postgres/with-transaction.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";

/**
 * Makes sure that a retired tenant has been so for long enough, by the database's clock; in the transaction under way.
 *
 * @param days for which it stays retired
 * @throws {TenantryError} TNT-432
 */
export async function requireRetention(
  client: ClientBase,
  ctx: FleetContext,
  id: string,
  days: number,
): Promise<void> {
  const [found] = await runStatements(client, [fleetQuery("fleet/retirement", [ctx.stack, id])]);
  const [retirement] = (found?.rows ?? []) as unknown as Retirement[];
  const from = retirement && removableFrom(retirement, days);
  if (from) throw new TenantryError("TNT-432", { id, days, from: showMoment(from) });
}

/** The same for tenants that a run would remove, before it begins. */
export function requireRetentions(
  ctx: FleetContext,
  tenants: readonly { readonly id: string; readonly days: number }[],
): Promise<void> {
  return withTransaction(ctx.pool, { role: ctx.roles.owner }, async (client) => {
    for (const { id, days } of tenants) await requireRetention(client, ctx, id, days);
  });
}
