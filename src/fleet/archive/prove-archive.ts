import type pg from "pg";
import type { ArchivedRows, ArchiveManifest } from "../../core/archive-manifest.ts";
import { TenantryError } from "../../core/errors.ts";
import { withCopyClient } from "../../postgres/copy-client.ts";
import type { FleetContext } from "../context.ts";
import { inspectTenant } from "../tenant-session.ts";
import { beginCopying } from "./archive-session.ts";
import { copyTable } from "./copy-table.ts";
import { loadArchive, requireRows, setSequences } from "./load-archive.ts";
import { makeRoom } from "./make-room.ts";
import type { Room } from "./make-room.ts";
import { readSequences } from "./write-archive.ts";

/**
 * Restores an archive into a schema that nobody sees, reads all of it back and compares: rows, contents, foreign keys,
 * sequences. All that in one transaction which is rolled back, so that nothing is left whatever happens to it.
 *
 * @returns what the archive says of itself, now known to be true
 * @throws {TenantryError} TNT-701 to TNT-703, TNT-720, TNT-721 when the file cannot be used, TNT-705 when it does not give the rows that
 *   it says it holds, TNT-706 when it needs later migrations
 */
export function proveArchive(ctx: FleetContext, location: string): Promise<ArchiveManifest> {
  return withCopyClient(ctx.pool, async (client) => {
    await beginCopying(client, "", ctx.roles.owner);
    let room: Room | undefined;
    const { manifest } = await loadArchive(client, ctx.archives, location, async (head) => {
      const snapshot = await inspectTenant(client, ctx, head.id);
      const schema = `tenantry_proof_${String((client as { processID?: number }).processID)}`;
      return (room = await makeRoom(client, ctx, head, snapshot, schema));
    });
    if (room === undefined) throw new Error("an archive without contents");
    requireRows(location, manifest, await readBack(client, manifest, room));
    await setSequences(client, room.schema, manifest.sequences);
    const sequences = await readSequences(client, room.oid);
    if (JSON.stringify(sequences) !== JSON.stringify(manifest.sequences))
      throw new TenantryError("TNT-705", {
        file: location,
        problems: ["its sequences stand elsewhere"],
      });
    ctx.signal?.throwIfAborted();
    await client.query("rollback");
    return manifest;
  });
}

async function readBack(
  client: pg.Client,
  { tables }: ArchiveManifest,
  room: Room,
): Promise<ArchivedRows[]> {
  const rows: ArchivedRows[] = [];
  for (const table of tables) rows.push(await copyTable(client, table, room));
  return rows;
}
