import type { Pool } from "pg";
import { retryContention } from "../postgres/retry-contention.ts";
import { withClient } from "../postgres/with-client.ts";
import { runStatements } from "../postgres/run-statements.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";

/** After how many new tenants the catalogs are analyzed. */
const EVERY = 250;

const made = new WeakMap<Pool, number>();

/**
 * Counts a tenant that was made, and analyzes the catalogs after some hundreds: autovacuum comes by once a minute, and
 * until then PostgreSQL plans as if there were no tenants.
 *
 * @returns whether the catalogs were analyzed now
 */
export async function analyzeAfter(ctx: FleetContext): Promise<boolean> {
  const count = (made.get(ctx.pool) ?? 0) + 1;
  made.set(ctx.pool, count);
  if (count % EVERY !== 0) return false;
  // As the administrator: the owner of the tenants does not own the catalogs.
  await retryContention("Analyzing the catalogs", ctx.signal, () =>
    withClient(ctx.pool, (client) => runStatements(client, [fleetQuery("fleet/analyze-catalog")])),
  );
  return true;
}
