import { messageOf } from "../../core/errors.ts";
import { atOnce } from "../at-once.ts";
import type { FleetContext } from "../context.ts";
import { listTenants } from "../list-tenants.ts";
import { archiveTenant } from "./archive-tenant.ts";
import type { TenantArchive } from "./archive-tenant.ts";
import { listArchives } from "./list-archives.ts";

/** How many tenants are archived at once: each takes a connection, and most of a processor for its compression. */
const WORKERS = 2;

export interface FleetArchiveOptions {
  /** Whether each archive is proven, too. */
  readonly prove: boolean;
  /** Leaves out tenants that have an archive (a proven one with `prove`) from then on, so that a run can go on. */
  readonly since?: Date | undefined;
  /** Told of each tenant when it is done. */
  readonly onArchive: (archive: TenantArchive) => void;
  readonly onFailure: (failure: { readonly id: string; readonly message: string }) => void;
}

/** How many tenants there were, and what became of them. */
export interface FleetArchives {
  readonly archived: number;
  readonly skipped: number;
  readonly failed: number;
}

/** Archives every tenant of the stack, retired ones too; one that fails does not stop the others. */
export async function archiveFleet(
  ctx: FleetContext,
  { prove, since, onArchive, onFailure }: FleetArchiveOptions,
): Promise<FleetArchives> {
  const tenants = (await listTenants(ctx)).filter(({ stack }) => stack === ctx.stack);
  const recent = new Set(
    (await listArchives(ctx))
      .filter(({ provenAt }) => provenAt !== null || !prove)
      .filter(({ createdAt }) => since !== undefined && createdAt >= since)
      .map(({ id }) => id),
  );
  const due = tenants.map(({ id }) => id).filter((id) => !recent.has(id));
  let [archived, failed] = [0, 0];
  await atOnce(due, WORKERS, async (id) => {
    ctx.signal?.throwIfAborted();
    try {
      onArchive(await archiveTenant(ctx, id, { prove }));
      archived += 1;
    } catch (error) {
      ctx.signal?.throwIfAborted();
      onFailure({ id, message: messageOf(error) });
      failed += 1;
    }
  });
  return { archived, skipped: tenants.length - due.length, failed };
}
