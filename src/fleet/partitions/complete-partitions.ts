import { judgeTenant } from "../../core/tenant-snapshot.ts";
import type { DatabaseContext } from "../database-context.ts";
import { withTenant } from "../tenant-session.ts";
import { createPartitions } from "./create-partitions.ts";

/**
 * Gives a tenant the partitions it lacks, as `createPartitions` does. A retired one has none, and one that has all stays
 * as it is.
 *
 * @throws {TenantryError} as `createPartitions`; TNT-405 to TNT-407 when what is there is not ours
 */
export async function completePartitions(ctx: DatabaseContext, id: string): Promise<void> {
  const lacks = await withTenant(ctx, id, "Looking for partitions of", (_, snapshot) => {
    const presence = judgeTenant(id, ctx.stack, snapshot);
    const mayHave = presence.is === "present" && presence.registry.state !== "retired";
    return Promise.resolve(mayHave && snapshot.sharedTables.some(({ attached }) => !attached));
  });
  if (lacks) await createPartitions({ ...ctx, placement: "tenants" }, id);
}
