import { runStatements } from "../../postgres/run-statements.ts";
import { withTransaction } from "../../postgres/with-transaction.ts";
import type { FleetContext } from "../context.ts";
import { fleetQuery } from "../fleet-query.ts";
import { audit } from "../registry.ts";
import type { WrittenFile } from "./store/archive-store.ts";

/** A file with what the books say of it. */
export interface NewArchive extends WrittenFile {
  readonly id: string;
  readonly key: string;
  readonly version: number;
  /** A path, or `s3://bucket/key`. */
  readonly location: string;
  /** By the table's name. */
  readonly rowCounts: Readonly<Record<string, number>>;
}

/** Notes an archive in the books, not proven yet. @returns its number there */
export function bookArchive(
  ctx: FleetContext,
  { id, key, version, location, bytes, checksum, rowCounts }: NewArchive,
): Promise<string> {
  return withTransaction(ctx.pool, { role: ctx.roles.owner }, async (client) => {
    const values = [id, key, version, location, bytes, checksum, JSON.stringify(rowCounts)];
    const [saved] = await runStatements(client, [
      fleetQuery("archive/save-archive", values),
      audit(ctx, "tenant.archived", id, null, { location, checksum, version }),
    ]);
    return String(saved?.rows[0]?.archive);
  });
}
