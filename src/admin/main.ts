import type { Pool } from "pg";
import { TenantryError } from "../core/errors.ts";
import type { PartitionPlacement } from "../core/partition.ts";
import { columnNameProblem } from "../core/name-rules.ts";
import { auditOrphans } from "../fleet/partitions/audit-orphans.ts";
import type { TableOrphans } from "../fleet/partitions/audit-orphans.ts";
import { cleanUp } from "../fleet/partitions/clean-up.ts";
import type { CleanedOrphans } from "../fleet/partitions/clean-up.ts";
import { createPartitions } from "../fleet/partitions/create-partitions.ts";
import type { BatchOptions, CreatedPartitions } from "../fleet/partitions/create-partitions.ts";
import { destroyPartitions } from "../fleet/partitions/destroy-partitions.ts";
import type {
  DestroyedPartitions,
  DestroyOptions,
} from "../fleet/partitions/destroy-partitions.ts";
import { hasPartitions } from "../fleet/partitions/has-partitions.ts";
import { listPartitions } from "../fleet/partitions/list-partitions.ts";
import type { PartitionRow } from "../fleet/partitions/list-partitions.ts";

export type { PartitionEvent, PartitionEvents } from "../core/partition-events.ts";
export { TenantryError } from "../core/errors.ts";

/** Whose partitions, and where. */
export interface PartitionsOptions {
  /** Connections of a login that may take the owner role (`set role`). It stays the caller's: nothing here ends it. */
  readonly pool: Pool;
  /** The role that owns the shared tables, such as `nostromo_owner`. */
  readonly owner: string;
  /** The column that the shared tables are partitioned by, such as `tenant_id`. */
  readonly partitionKey: string;
  /** Whose tenants are meant: `tenantry/prod`, as in the registry. With `values` without a meaning. */
  readonly stack: string;
  /**
   * `tenants`: a partition lies in its tenant's schema, and ids are those of the stack's tenants. `values`: there are
   * no tenant schemas; partitions lie in schema partitions, and ids are values of the key. Default: `tenants`.
   */
  readonly placement?: PartitionPlacement;
  /** Ends the work before the next commit; what was committed stays. */
  readonly signal?: AbortSignal;
}

/** The partitions of all shared tables at once. */
export interface Partitions {
  /** See `createPartitions`. */
  create(id: string, options?: BatchOptions): Promise<CreatedPartitions>;
  /** See `destroyPartitions`. */
  destroy(id: string, options?: DestroyOptions): Promise<DestroyedPartitions>;
  /** Whether it has a partition of each shared table. */
  exists(id: string): Promise<boolean>;
  /** The rows in DEFAULT, by table and key. */
  audit(): Promise<TableOrphans[]>;
  /** See `cleanUp`. */
  cleanup(options?: BatchOptions): Promise<CleanedOrphans>;
  list(): Promise<PartitionRow[]>;
}

/**
 * The partitions of a database, for jobs that hold the owner's rights.
 *
 * @throws {TenantryError} TNT-849 for an option that is missing or cannot be; nothing is connected to yet
 */
export function openPartitions(options: PartitionsOptions): Partitions {
  const { pool, owner, partitionKey, stack, placement = "tenants", signal } = options;
  const required = { owner, partitionKey, stack };
  for (const [option, value] of Object.entries(required))
    if (typeof value !== "string" || value === "")
      throw new TenantryError("TNT-849", { option, rule: "is missing" });
  const problem = columnNameProblem(partitionKey);
  if (problem !== undefined)
    throw new TenantryError("TNT-849", { option: "partitionKey", rule: problem });
  if (!["tenants", "values"].includes(placement))
    throw new TenantryError("TNT-849", { option: "placement", rule: "is tenants or values" });
  const ctx = {
    ...{ pool, partitionKey, stack, placement, roles: { owner } },
    ...(signal && { signal }),
  };
  return {
    create: (id, more) => createPartitions(ctx, id, more),
    destroy: (id, more) => destroyPartitions(ctx, id, more),
    exists: (id) => hasPartitions(ctx, id),
    audit: () => auditOrphans(ctx),
    cleanup: (more) => cleanUp(ctx, more),
    list: () => listPartitions(ctx),
  };
}
