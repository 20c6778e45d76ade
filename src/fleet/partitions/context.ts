import type { DatabaseContext } from "../context.ts";

/**
 * Where partitions lie. `tenants`: in each tenant's schema, under the table's name. `values`: in schema partitions,
 * for an application that has partitions and no tenant schemas; any value may then have some.
 */
export type PartitionPlacement = "tenants" | "values";

/** What the work on partitions needs to know about the database. */
export interface PartitionsContext extends DatabaseContext {
  readonly placement: PartitionPlacement;
}
