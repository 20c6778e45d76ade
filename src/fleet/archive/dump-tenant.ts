import type pg from "pg";
import { archiveName } from "../../core/archive-location.ts";
import { TenantryError } from "../../core/errors.ts";
import { tenantSchema } from "../../core/names.ts";
import { judgeTenant } from "../../core/tenant-snapshot.ts";
import { takeLock } from "../../postgres/advisory-lock.ts";
import { withCopyClient } from "../../postgres/copy-client.ts";
import { dumpSchema } from "../../postgres/pg-dump.ts";
import type { PgDump } from "../../postgres/pg-dump.ts";
import type { Connection } from "../../postgres/pool.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import type { FleetContext } from "../context.ts";
import { fleetQuery } from "../fleet-query.ts";
import { inspectTenant, tenantLock } from "../tenant-session.ts";
import { beginCopying } from "./archive-session.ts";
import type { TenantArchive } from "./archive-tenant.ts";
import { bookArchive } from "./book-archive.ts";

/** The program that writes dumps, and how it reaches the database. */
export interface Dumper {
  readonly pgDump: PgDump;
  readonly connection: Connection;
}

/**
 * Writes a tenant's schema in pg_dump's custom format, as it is at one moment, with whatever is in it, and notes the
 * file in the books. Nobody proves it: no tenant is removed on its account.
 *
 * @throws {TenantryError} TNT-408 when the tenant is gone, TNT-404 when another run holds it, TNT-712 when the place of
 *   the archives refuses, TNT-723 when pg_dump fails
 */
export async function dumpTenant(
  ctx: FleetContext,
  id: string,
  dumper: Dumper,
): Promise<TenantArchive> {
  const dump = await withCopyClient(ctx.pool, async (client) => {
    await takeLock(client, tenantLock(id), "session", ctx.signal);
    await beginCopying(client, "isolation level repeatable read, read only", ctx.roles.owner);
    const presence = judgeTenant(id, ctx.stack, await inspectTenant(client, ctx, id));
    if (presence.is !== "present") throw new TenantryError("TNT-408", { id });
    const { registry, schema } = presence;
    // What somebody made by hand may be anybody's: a superuser reads all of it, others what the owner role may.
    const { at, snapshot, superuser } = await exportSnapshot(client);
    if (superuser) await client.query("set local role none");
    const rowCounts = await countRows(client, schema.oid);
    const createdAt = at.toISOString();
    const location = await ctx.archives.locate(archiveName(id, createdAt, "pg_dump"));
    const content = dumpSchema(dumper.pgDump, {
      connection: dumper.connection,
      schema: tenantSchema(id),
      role: superuser ? undefined : ctx.roles.owner,
      snapshot,
      signal: ctx.signal,
    });
    const written = await ctx.archives.write(location, content);
    await client.query("commit");
    const { key, version } = registry;
    return { ...written, id, key, version, location, rowCounts, createdAt };
  });
  const number = await bookArchive(ctx, dump);
  const rows = Object.values(dump.rowCounts).reduce((sum, count) => sum + count, 0);
  const { location, bytes, version, createdAt } = dump;
  return { id, number, location, bytes, version, rows, createdAt, proven: false };
}

interface Moment {
  readonly at: Date;
  readonly snapshot: string;
  readonly superuser: boolean;
}

async function exportSnapshot(client: pg.Client): Promise<Moment> {
  const text = `select transaction_timestamp() as at, pg_export_snapshot() as snapshot,
    (select rolsuper from pg_roles where rolname = session_user) as superuser`;
  const [found] = await runStatements(client, [{ text, file: "exporting the snapshot" }]);
  return found?.rows[0] as unknown as Moment;
}

async function countRows(client: pg.Client, oid: string): Promise<Record<string, number>> {
  const [found] = await runStatements(client, [fleetQuery("fleet/tenant-tables", [oid])]);
  const tables = (found?.rows ?? []) as { quoted: string; name: string }[];
  const counts = await runStatements(
    client,
    tables.map(({ quoted }) => ({
      text: `select count(*)::float8 as rows from ${quoted}`,
      file: `counting the rows of ${quoted}`,
    })),
  );
  return Object.fromEntries(
    tables.map(({ name }, index) => [name, Number(counts[index]?.rows[0]?.rows)]),
  );
}
