import type pg from "pg";
import { dataEntry, HEAD_ENTRY, MANIFEST_ENTRY } from "../../core/archive-manifest.ts";
import type {
  ArchivedRows,
  ArchivedSequence,
  ArchivedTable,
  ArchiveHead,
  ArchiveManifest,
} from "../../core/archive-manifest.ts";
import { archiveName } from "../../core/archive-location.ts";
import { tenantSchema } from "../../core/names.ts";
import { takeLock } from "../../postgres/advisory-lock.ts";
import { withCopyClient } from "../../postgres/copy-client.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import type { FleetContext } from "../context.ts";
import { fleetQuery } from "../fleet-query.ts";
import { inspectTenant, tenantLock } from "../tenant-session.ts";
import { writeArchiveFile } from "./archive-file.ts";
import type { AddEntry } from "./archive-file.ts";
import { beginCopying } from "./archive-session.ts";
import { copyTable } from "./copy-table.ts";
import { describeTenant } from "./describe-tenant.ts";
import type { WrittenFile } from "./store/archive-store.ts";

export interface WrittenArchive extends WrittenFile {
  /** A path, or `s3://bucket/key`. */
  readonly location: string;
  readonly manifest: ArchiveManifest;
}

/**
 * Writes all rows of a tenant into one file, as they are at one moment; the tenant works on meanwhile. Only changes of
 * its schema wait, since the file holds rows, and its tables are made by its migrations.
 *
 * @throws {TenantryError} TNT-441 when there is no such tenant, TNT-408 when its schema is gone, TNT-704 when
 *   that holds what no migration made, TNT-404 when another run holds it, TNT-712 when the place of the archives
 *   refuses
 */
export function writeArchive(ctx: FleetContext, id: string): Promise<WrittenArchive> {
  return withCopyClient(ctx.pool, async (client) => {
    // Before the transaction: its first statement decides what it sees.
    await takeLock(client, tenantLock(id), "session", ctx.signal);
    await ctx.archives.removeUnfinished(`${id}-`);
    await beginCopying(client, "isolation level repeatable read, read only", ctx.roles.owner);
    const snapshot = await inspectTenant(client, ctx, id);
    const { head, oid } = await describeTenant(client, ctx, id, snapshot);
    const { createdAt, server } = await readClock(client);
    const location = await ctx.archives.locate(archiveName(id, createdAt));
    let manifest: ArchiveManifest | undefined;
    const written = await writeArchiveFile(ctx.archives, location, async (add) => {
      await add(HEAD_ENTRY, JSON.stringify(head));
      const tables = await copyTables(client, head, ctx, add);
      const sequences = await readSequences(client, oid);
      manifest = { ...head, createdAt, server, stack: ctx.stack, tables, sequences };
      await add(MANIFEST_ENTRY, JSON.stringify(manifest));
    });
    await client.query("commit");
    if (manifest === undefined) throw new Error("an archive without a manifest");
    return { ...written, location, manifest };
  });
}

async function readClock(client: pg.Client): Promise<{ createdAt: string; server: string }> {
  const [facts] = await runStatements(client, [
    {
      text: "select transaction_timestamp() as at, current_setting('server_version') as server",
      file: "looking at the clock",
    },
  ]);
  return {
    createdAt: (facts?.rows[0]?.at as Date).toISOString(),
    server: String(facts?.rows[0]?.server),
  };
}

async function copyTables(
  client: pg.Client,
  { id, tables }: ArchiveHead,
  { signal }: FleetContext,
  add: AddEntry,
): Promise<ArchiveManifest["tables"]> {
  const place = { schema: tenantSchema(id), centralSchema: "central", tenant: id };
  const copied: (ArchivedTable & ArchivedRows)[] = [];
  for (const [index, table] of tables.entries()) {
    let part = 0;
    const rows = await copyTable(client, table, place, async (content) => {
      signal?.throwIfAborted();
      await add(dataEntry(index, part++), content);
    });
    copied.push({ ...table, ...rows });
  }
  return copied;
}

/** Where the sequences of a schema stand. They are outside of any snapshot, and so may be ahead of the rows. */
export async function readSequences(client: pg.Client, oid: string): Promise<ArchivedSequence[]> {
  const [found] = await runStatements(client, [fleetQuery("archive/sequences", [oid])]);
  const sequences = (found?.rows ?? []) as { quoted: string; name: string }[];
  const values = await runStatements(
    client,
    sequences.map(({ quoted }) => ({
      text: `select last_value::text as value, is_called as called from ${quoted}`,
      file: `reading the sequence ${quoted}`,
    })),
  );
  return sequences.map(({ name }, index) => {
    const { value, called } = values[index]?.rows[0] as { value: string; called: boolean };
    return { name, value, called };
  });
}
