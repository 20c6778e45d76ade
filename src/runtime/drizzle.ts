// What applications with Drizzle import: tenantry/runtime/drizzle.
import { drizzle } from "drizzle-orm/node-postgres";
import type { NodePgClient, NodePgDatabase } from "drizzle-orm/node-postgres";
import type { DrizzleConfig } from "drizzle-orm";
import type { ScopeTransaction } from "./transaction.ts";

/**
 * A scope as a Drizzle database. It lasts as long as the scope does. Declare tables without a schema (`pgTable`): the
 * scope finds the tenant's.
 *
 * @param config what `drizzle` takes, such as `schema`
 * @throws {TenantryError} from its queries: as the scope's; TNT-812 for Drizzle's own transactions.
 */
export function tenantDrizzle<Schema extends Record<string, unknown> = Record<string, never>>(
  tx: ScopeTransaction,
  config: DrizzleConfig<Schema> = {},
): NodePgDatabase<Schema> {
  // All that Drizzle uses of a client.
  const client = { query: tx.query.bind(tx) };
  return drizzle(client as unknown as NodePgClient, config);
}
