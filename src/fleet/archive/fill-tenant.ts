import type pg from "pg";
import type { ArchivedSequence, ArchivedTable, ArchiveHead } from "../../core/archive-manifest.ts";
import { TenantryError } from "../../core/errors.ts";
import { quoteIdentifier } from "../../core/identifier.ts";
import { tenantSchema } from "../../core/names.ts";
import { buildPartition } from "../../core/partition.ts";
import type { SqlStatement } from "../../core/sql-statement.ts";
import { createSchema } from "../../core/tenant-statements.ts";
import { judgeTenant } from "../../core/tenant-snapshot.ts";
import type { RegistryRow, TenantSnapshot } from "../../core/tenant-snapshot.ts";
import type { TenantSpec } from "../../core/tenant.ts";
import { takeLock } from "../../postgres/advisory-lock.ts";
import { withCopyClient } from "../../postgres/copy-client.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import type { FleetContext } from "../context.ts";
import { refuseForeignKey } from "../refuse-foreign-key.ts";
import { saveTenant } from "../registry.ts";
import { runMigrations, step } from "../tenant-migrations.ts";
import { inspectTenant, ownerOf, tenantLock } from "../tenant-session.ts";
import { beginCopying } from "./archive-session.ts";
import { setSequences } from "./load-archive.ts";
import { archivedMigrations, centralTables } from "./make-room.ts";
import type { Room } from "./make-room.ts";

/** Gives empty tables for rows, in the new tenant's schema. */
export type MakeRoom = (head: ArchiveHead) => Promise<Room>;

/** What a new tenant was filled with. */
export interface Filling {
  readonly tables: readonly ArchivedTable[];
  readonly sequences: readonly ArchivedSequence[];
  /** What the books are to say of it. */
  readonly notes: readonly SqlStatement[];
}

/**
 * Makes a tenant with rows from elsewhere, at their migration, in one transaction. It is suspended until its spec is
 * applied, and its tables are beside the shared ones: to attach them may take several attempts, which the rows should not
 * have to be brought again for.
 *
 * @param work.doing for messages: `restoring`
 * @param work.fill brings the rows in
 * @param work.found looks at a tenant that is there already, which stays as it is. Default: it is right
 * @returns whether it did
 * @throws {TenantryError} TNT-706 when the rows have later migrations than sql/tenant, TNT-710 when the pin is an earlier
 *   one, TNT-711 when the tenant's schema was lost, TNT-405 to TNT-407 when what is there is not ours, and what `fill`
 *   throws; nothing is changed then
 */
export function fillTenant(
  ctx: FleetContext,
  spec: TenantSpec,
  work: {
    readonly doing: string;
    readonly fill: (client: pg.Client, makeRoom: MakeRoom) => Promise<Filling>;
    readonly found?: (registry: RegistryRow) => void;
  },
): Promise<boolean> {
  const { id } = spec;
  const schema = tenantSchema(id);
  return withCopyClient(ctx.pool, async (client) => {
    await beginCopying(client, "", ctx.roles.owner);
    await takeLock(client, tenantLock(id), "transaction", ctx.signal);
    const snapshot = await inspectTenant(client, ctx, id);
    const presence = judgeTenant(id, ctx.stack, snapshot);
    if (presence.is === "present") {
      work.found?.(presence.registry);
      return false;
    }
    if (presence.is === "lost") throw new TenantryError("TNT-711", { id });
    await refuseForeignKey(client, id);
    const doing = `${work.doing} tenant ${id}`;
    const { tables, sequences, notes } = await work.fill(client, (head) =>
      makeTenant(client, ctx, spec, { head, snapshot, doing }),
    );
    await setSequences(client, schema, sequences);
    await runStatements(client, [...takeUsers(id, tables), ...notes]);
    ctx.signal?.throwIfAborted();
    await client.query("commit");
    return true;
  });
}

async function makeTenant(
  client: pg.Client,
  ctx: FleetContext,
  spec: TenantSpec,
  {
    head,
    snapshot,
    doing,
  }: { readonly head: ArchiveHead; readonly snapshot: TenantSnapshot; readonly doing: string },
): Promise<Room> {
  const { id, pin } = spec;
  const { version } = head;
  if (pin !== undefined && pin < version) throw new TenantryError("TNT-710", { id, pin, version });
  const schema = tenantSchema(id);
  const owner = { schema, key: id, partitionKey: ctx.partitionKey };
  const first: TenantSpec = { ...spec, state: "suspended" };
  await runMigrations(client, ctx, { id, key: id }, snapshot, {
    before: [
      ...step(doing, createSchema(first, ownerOf(ctx, id), snapshot.role)),
      ...saveTenant(ctx, first, id, version),
    ],
    migrations: archivedMigrations(ctx, head),
    after: step(doing, [
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
  return { schema, centralSchema: "pg_temp", oid: String(found?.rows[0]?.oid), passing: false };
}

/** Gives the rows of central to the tenant, under the id it has here. */
function takeUsers(id: string, tables: readonly ArchivedTable[]): SqlStatement[] {
  return tables
    .filter(({ place }) => place === "central")
    .map(({ name, columns }) => {
      const list = columns.map(quoteIdentifier).join(", ");
      const table = quoteIdentifier(name);
      return {
        text: `insert into central.${table} (tenant_id, ${list}) select $1, ${list} from pg_temp.${table}`,
        values: [id],
        file: `filling central.${name}`,
      };
    });
}
