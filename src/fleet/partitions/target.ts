import type { PoolClient } from "pg";
import { PARTITION_ATTEMPTS } from "../../core/contention.ts";
import { TenantryError } from "../../core/errors.ts";
import { PARTITIONS_SCHEMA } from "../../core/partition.ts";
import type { KeyTable, PartitionOwner } from "../../core/partition.ts";
import { checkPartitionNames, checkPartitionValue } from "../../core/partition-value.ts";
import { tenantSchema } from "../../core/names.ts";
import { judgeTenant } from "../../core/tenant-snapshot.ts";
import type { TenantSnapshot } from "../../core/tenant-snapshot.ts";
import { takeLock } from "../../postgres/advisory-lock.ts";
import { retryContention } from "../../postgres/retry-contention.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import { withTransaction } from "../../postgres/with-transaction.ts";
import { fleetQuery } from "../fleet-query.ts";
import { withTenant } from "../tenant-session.ts";
import type { PartitionsContext } from "./context.ts";

/** Somebody who has partitions, or is to have some: a tenant, or a value of the key. */
export interface PartitionTarget {
  readonly owner: PartitionOwner;
  readonly tables: readonly KeyTable[];
}

type Work<T> = (client: PoolClient, target: PartitionTarget) => Promise<T>;

/**
 * Runs work in one transaction of the owner role, while nobody else changes the target's partitions.
 *
 * @param what for messages: what is done
 * @throws {TenantryError} TNT-841 when there is no such tenant, TNT-842 when it is retired, TNT-843 and TNT-844 for a
 *   value that cannot have partitions, TNT-847 for a schema partitions that is not ours; TNT-403 when a table is in
 *   use for too long
 */
export function withTarget<T>(
  ctx: PartitionsContext,
  id: string,
  what: string,
  work: Work<T>,
): Promise<T> {
  return ctx.placement === "values"
    ? withValue(ctx, id, what, work)
    : withTenant(
        ctx,
        id,
        what,
        (client, snapshot) => work(client, tenantTarget(ctx, id, snapshot)),
        PARTITION_ATTEMPTS,
      );
}

function tenantTarget(
  ctx: PartitionsContext,
  id: string,
  snapshot: TenantSnapshot,
): PartitionTarget {
  const presence = judgeTenant(id, ctx.stack, snapshot);
  if (presence.is !== "present") throw new TenantryError("TNT-841", { id });
  const { key, state } = presence.registry;
  if (state === "retired") throw new TenantryError("TNT-842", { id });
  const owner = { schema: tenantSchema(id), key, partitionKey: ctx.partitionKey };
  return { owner, tables: snapshot.sharedTables };
}

/** The same for a value in schema partitions, wherever partitions usually lie. */
export async function withValue<T>(
  ctx: PartitionsContext,
  key: string,
  what: string,
  work: Work<T>,
): Promise<T> {
  checkPartitionValue(key);
  return retryContention(
    `${what} ${key}`,
    ctx.signal,
    () =>
      withTransaction(ctx.pool, { role: ctx.roles.owner, signal: ctx.signal }, async (client) => {
        await takeLock(client, `partition ${key}`, "transaction", ctx.signal);
        const [found] = await runStatements(client, [
          fleetQuery("partitions/of-key", [ctx.partitionKey, PARTITIONS_SCHEMA, `/${key}`]),
        ]);
        const tables = (found?.rows ?? []) as unknown as KeyTable[];
        checkPartitionNames(
          key,
          tables.map(({ name }) => name),
        );
        return work(client, {
          owner: { schema: PARTITIONS_SCHEMA, key, partitionKey: ctx.partitionKey },
          tables,
        });
      }),
    PARTITION_ATTEMPTS,
  );
}
