import { readMonitor } from "./read-monitor.ts";
import type { MonitorContext } from "./read-monitor.ts";
import { tenantSchemaOf } from "./read-sizes.ts";

/** Alike indexes of all tenants that deserve a look; see sql/monitor/indexes.sql, also for how bloat is estimated. */
export interface IndexFact {
  readonly kind: "invalid" | "duplicate" | "unused" | "bloated";
  /** The schema, or `tenant_*` for those of tenants. */
  readonly scope: string;
  readonly table: string;
  readonly index: string;
  readonly detail: string;
  /** In how many schemas it is so. */
  readonly schemas: number;
  /** How many schemas have an index of that name on that table. */
  readonly ofSchemas: number;
  readonly exampleSchema: string;
  readonly bytes: number;
  /** What would be won: all of an index that may go, the free part of a bloated one. */
  readonly freeBytes: number;
}

/**
 * Indexes that are invalid, duplicate, unused or bloated.
 *
 * @param tenant only this tenant's
 * @throws {TenantryError} as `readMonitor`; TNT-872 when there is no such tenant
 */
export async function readIndexes(ctx: MonitorContext, tenant?: string): Promise<IndexFact[]> {
  const limits = tenant === undefined ? {} : { schema: await tenantSchemaOf(ctx, tenant) };
  const [indexes] = await readMonitor<[IndexFact]>(ctx, ["indexes"], limits);
  return indexes;
}
