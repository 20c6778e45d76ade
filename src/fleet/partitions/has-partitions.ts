import type { PartitionsContext } from "./context.ts";
import { listPartitions } from "./list-partitions.ts";

/** Whether a tenant, or a value, has its partition of each shared table. False when nobody is called so. */
export async function hasPartitions(ctx: PartitionsContext, id: string): Promise<boolean> {
  const isMeant = ctx.placement === "values" ? null : id;
  const row = (await listPartitions(ctx)).find(
    (candidate) => candidate.id === id && candidate.tenant === isMeant,
  );
  return row !== undefined && row.detached.length + row.missing.length === 0;
}
