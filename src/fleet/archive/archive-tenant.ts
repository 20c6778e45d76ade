import { tableTitle } from "../../core/archive-manifest.ts";
import type { ArchiveManifest } from "../../core/archive-manifest.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import { withTransaction } from "../../postgres/with-transaction.ts";
import type { FleetContext } from "../context.ts";
import { fleetQuery } from "../fleet-query.ts";
import { audit } from "../registry.ts";
import { proveArchive } from "./prove-archive.ts";
import { writeArchive } from "./write-archive.ts";

/** An archive that the books know. */
export interface TenantArchive {
  /** In the books. */
  readonly number: string;
  /** A path, or `s3://bucket/key`. */
  readonly location: string;
  readonly bytes: number;
  readonly manifest: ArchiveManifest;
  readonly proven: boolean;
}

/**
 * Writes a tenant's archive and notes it in the books; then proves it, unless told otherwise. One that could not be
 * proven stays where it is, and the books say so.
 *
 * @throws {TenantryError} as `writeArchive` and `proveArchive`
 */
export async function archiveTenant(
  ctx: FleetContext,
  id: string,
  { prove = true } = {},
): Promise<TenantArchive> {
  const { location, bytes, checksum, manifest } = await writeArchive(ctx, id);
  const { key, version, tables } = manifest;
  const rows = Object.fromEntries(tables.map((table) => [tableTitle(table), table.rows]));
  const number = await withTransaction(ctx.pool, { role: ctx.roles.owner }, async (client) => {
    const values = [id, key, version, location, bytes, checksum, JSON.stringify(rows)];
    const [saved] = await runStatements(client, [
      fleetQuery("archive/save-archive", values),
      audit(ctx, "tenant.archived", id, null, { location, checksum, version }),
    ]);
    return String(saved?.rows[0]?.archive);
  });
  if (prove) {
    await proveArchive(ctx, location);
    await withTransaction(ctx.pool, { role: ctx.roles.owner }, (client) =>
      runStatements(client, [fleetQuery("archive/prove-archive", [number])]),
    );
  }
  return { number, location, bytes, manifest, proven: prove };
}
