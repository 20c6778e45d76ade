import type { PartitionPlacement } from "../../core/partition.ts";
import type { DatabaseContext } from "../database-context.ts";

/** What the work on partitions needs to know about the database. */
export interface PartitionsContext extends DatabaseContext {
  readonly placement: PartitionPlacement;
}
