import { PARTITIONS_SCHEMA } from "../../core/partition.ts";
import type { TenantState } from "../../core/tenant.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import { withTransaction } from "../../postgres/with-transaction.ts";
import { fleetQuery } from "../fleet-query.ts";
import { withoutBooks } from "../tenant-session.ts";
import type { PartitionsContext } from "./context.ts";

/** Somebody with partitions. */
export interface PartitionRow {
  /** The tenant's id, or the value. */
  readonly id: string;
  readonly key: string;
  /** Null for a value that is no tenant's. */
  readonly tenant: string | null;
  readonly state: TenantState | null;
  /** Whose tenant it is; null for a value. */
  readonly stack: string | null;
  readonly schema: string;
  /** The shared tables it has a partition of. */
  readonly attached: readonly string[];
  /** Those whose table is beside the shared one: of a retired tenant, or while orphans move there. */
  readonly detached: readonly string[];
  /** Those it has no table for. */
  readonly missing: readonly string[];
  /** Tables with their indexes and TOAST. */
  readonly bytes: number;
}

/**
 * Everybody who has partitions or should have, by id: the tenants, and the values in schema partitions.
 *
 * @throws {TenantryError} TNT-415 when the database has no books
 */
export async function listPartitions(ctx: PartitionsContext): Promise<PartitionRow[]> {
  try {
    const [found] = await withTransaction(ctx.pool, { role: ctx.roles.owner }, (client) =>
      runStatements(client, [fleetQuery("partitions/list", [ctx.partitionKey, PARTITIONS_SCHEMA])]),
    );
    return (found?.rows ?? []).map(({ attached, detached, missing, ...row }) => ({
      ...row,
      attached: attached ?? [],
      detached: detached ?? [],
      missing: missing ?? [],
    })) as unknown as PartitionRow[];
  } catch (cause) {
    throw withoutBooks(ctx, cause);
  }
}
