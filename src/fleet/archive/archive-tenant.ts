import { tableTitle } from "../../core/archive-manifest.ts";
import type { ArchiveManifest } from "../../core/archive-manifest.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import { withTransaction } from "../../postgres/with-transaction.ts";
import type { FleetContext } from "../context.ts";
import { fleetQuery } from "../fleet-query.ts";
import { audit } from "../registry.ts";
import { bookArchive } from "./book-archive.ts";
import { proveArchive } from "./prove-archive.ts";
import { writeArchive } from "./write-archive.ts";

/** An archive that the books know. */
export interface TenantArchive {
  readonly id: string;
  /** In the books. */
  readonly number: string;
  /** A path, or `s3://bucket/key`. */
  readonly location: string;
  readonly bytes: number;
  /** The tenant's last migration. */
  readonly version: number;
  /** Of all tables. */
  readonly rows: number;
  /** Of the snapshot, ISO 8601. */
  readonly createdAt: string;
  readonly proven: boolean;
}

/** One whose tables are known, too. */
export interface RowArchive extends TenantArchive {
  readonly manifest: ArchiveManifest;
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
): Promise<RowArchive> {
  const { manifest, ...file } = await writeArchive(ctx, id);
  const { key, version, createdAt, tables } = manifest;
  const rowCounts = Object.fromEntries(tables.map((table) => [tableTitle(table), table.rows]));
  const number = await bookArchive(ctx, { ...file, id, key, version, rowCounts });
  if (prove) {
    await proveArchive(ctx, file.location);
    await withTransaction(ctx.pool, { role: ctx.roles.owner }, (client) =>
      runStatements(client, [
        fleetQuery("archive/prove-archive", [number]),
        audit(ctx, "tenant.archive_proven", id, null, { location: file.location }),
      ]),
    );
  }
  const { location, bytes } = file;
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return { id, number, location, bytes, version, rows, createdAt, proven: prove, manifest };
}
