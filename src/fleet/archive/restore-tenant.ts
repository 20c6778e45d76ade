import { resolve } from "node:path";
import type pg from "pg";
import type { ArchiveHead, ArchiveManifest } from "../../core/archive-manifest.ts";
import { TenantryError } from "../../core/errors.ts";
import { quoteIdentifier } from "../../core/identifier.ts";
import { tenantSchema } from "../../core/names.ts";
import { attachPartitions, buildPartition } from "../../core/partition.ts";
import { createSchema } from "../../core/tenant-statements.ts";
import { judgeTenant } from "../../core/tenant-snapshot.ts";
import type { TenantSnapshot } from "../../core/tenant-snapshot.ts";
import type { TenantSpec } from "../../core/tenant.ts";
import { takeLock } from "../../postgres/advisory-lock.ts";
import { withCopyClient } from "../../postgres/copy-client.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import type { FleetContext } from "../context.ts";
import { refuseForeignKey } from "../refuse-foreign-key.ts";
import { audit, saveTenant } from "../registry.ts";
import { runMigrations, step } from "../tenant-migrations.ts";
import { inspectTenant, ownerOf, tenantLock } from "../tenant-session.ts";
import { beginCopying } from "./archive-session.ts";
import { loadArchive, setSequences } from "./load-archive.ts";
import { archivedMigrations, centralTables } from "./make-room.ts";
import type { Room } from "./make-room.ts";

/**
 * Makes a tenant with the rows of an archive, at the archive's migration, in one transaction. Its id is the declared
 * one, whatever the archive's was; it is suspended until its spec is applied.
 *
 * @returns whether it did: a tenant that is there already stays as it is
 * @throws {TenantryError} as `loadArchive`; TNT-706 when the archive has later migrations than sql/tenant, TNT-710 when
 *   the pin is an earlier one; nothing is changed then
 */
export function restoreTenant(
  ctx: FleetContext,
  spec: TenantSpec,
  archive: string,
): Promise<boolean> {
  const path = resolve(archive);
  return withCopyClient(ctx.pool, async (client) => {
    await beginCopying(client, "", ctx.roles.owner);
    await takeLock(client, tenantLock(spec.id), "transaction", ctx.signal);
    const snapshot = await inspectTenant(client, ctx, spec.id);
    const presence = judgeTenant(spec.id, ctx.stack, snapshot);
    if (presence.is === "present") return false;
    if (presence.is === "lost") throw new TenantryError("TNT-711", { id: spec.id });
    await refuseForeignKey(client, spec.id);
    const { manifest } = await loadArchive(client, path, (head) =>
      makeTenant(client, ctx, spec, head, snapshot),
    );
    await setSequences(client, tenantSchema(spec.id), manifest);
    const owner = {
      schema: tenantSchema(spec.id),
      key: spec.id,
      partitionKey: ctx.partitionKey,
    };
    const built = snapshot.sharedTables.map((table) => ({ ...table, detached: true }));
    await runStatements(client, [
      ...takeUsers(spec.id, manifest),
      ...step(
        `restoring tenant ${spec.id}`,
        attachPartitions(built, owner).map(({ text }) => text),
      ),
      audit(ctx, "tenant.restored", spec.id, null, {
        archive: path,
        from: manifest.id,
        version: manifest.version,
      }),
    ]);
    ctx.signal?.throwIfAborted();
    await client.query("commit");
    return true;
  });
}

async function makeTenant(
  client: pg.Client,
  ctx: FleetContext,
  spec: TenantSpec,
  head: ArchiveHead,
  snapshot: TenantSnapshot,
): Promise<Room> {
  const { id, pin } = spec;
  const { version } = head;
  if (pin !== undefined && pin < version) throw new TenantryError("TNT-710", { id, pin, version });
  const schema = tenantSchema(id);
  const owner = { schema, key: id, partitionKey: ctx.partitionKey };
  const first: TenantSpec = { ...spec, state: "suspended" };
  await runMigrations(client, ctx, { id, key: id }, snapshot, {
    before: [
      ...step(`restoring tenant ${id}`, createSchema(first, ownerOf(ctx, id), snapshot.role)),
      ...saveTenant(ctx, first, id, version),
    ],
    migrations: archivedMigrations(ctx, head),
    after: step(`restoring tenant ${id}`, [
      ...snapshot.sharedTables.flatMap((table) => buildPartition(table, owner)),
      ...centralTables(head),
    ]),
  });
  const [found] = await runStatements(client, [
    {
      text: "select schema_oid::text as oid from tenantry.registry where id = $1",
      values: [id],
      file: "looking for the new schema",
    },
  ]);
  return { schema, centralSchema: "pg_temp", oid: String(found?.rows[0]?.oid) };
}

/** Gives the rows of central to the tenant, under the id it has here. */
function takeUsers(id: string, { tables }: ArchiveManifest) {
  return tables
    .filter(({ place }) => place === "central")
    .map(({ name, columns }) => {
      const list = columns.map(quoteIdentifier).join(", ");
      const table = quoteIdentifier(name);
      return {
        text: `insert into central.${table} (tenant_id, ${list}) select $1, ${list} from pg_temp.${table}`,
        values: [id],
        file: `restoring central.${name}`,
      };
    });
}
