import { formatOf } from "../../core/archive-location.ts";
import { messageOf } from "../../core/errors.ts";
import { atOnce } from "../at-once.ts";
import type { FleetContext } from "../context.ts";
import { tenantIds } from "../tenant-ids.ts";
import { archiveTenant } from "./archive-tenant.ts";
import type { TenantArchive } from "./archive-tenant.ts";
import { dumpTenant } from "./dump-tenant.ts";
import type { Dumper } from "./dump-tenant.ts";
import { listArchives } from "./list-archives.ts";

/** How many tenants are archived at once: each takes a connection, and most of a processor for its compression. */
const WORKERS = 2;

export interface FleetArchiveOptions {
  /** Whether each archive is proven, too. A dump never is. */
  readonly prove: boolean;
  /** Writes dumps of pg_dump. Default: archives of rows. */
  readonly dumper?: Dumper | undefined;
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
  { prove, dumper, since, onArchive, onFailure }: FleetArchiveOptions,
): Promise<FleetArchives> {
  const tenants = await tenantIds(ctx);
  const now = new Date();
  const recent = new Set(
    (await listArchives(ctx))
      .filter(({ location }) => formatOf(location) === (dumper ? "pg_dump" : "tenantry"))
      .filter(({ provenAt }) => provenAt !== null || !prove)
      // One from the future, as a clock that went back leaves it, says nothing about today.
      .filter(({ createdAt }) => since !== undefined && createdAt >= since && createdAt <= now)
      .map(({ id }) => id),
  );
  const due = tenants.filter((id) => !recent.has(id));
  let [archived, failed] = [0, 0];
  await atOnce(due, WORKERS, async (id) => {
    ctx.signal?.throwIfAborted();
    try {
      onArchive(
        dumper ? await dumpTenant(ctx, id, dumper) : await archiveTenant(ctx, id, { prove }),
      );
      archived += 1;
    } catch (error) {
      ctx.signal?.throwIfAborted();
      onFailure({ id, message: messageOf(error) });
      failed += 1;
    }
  });
  return { archived, skipped: tenants.length - due.length, failed };
}
