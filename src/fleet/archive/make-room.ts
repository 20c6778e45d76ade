import type pg from "pg";
import type { ArchiveHead } from "../../core/archive-manifest.ts";
import { TenantryError } from "../../core/errors.ts";
import { quoteIdentifier } from "../../core/identifier.ts";
import { migrationStatements } from "../../core/migration.ts";
import type { Migration } from "../../core/migration.ts";
import { buildPartition } from "../../core/partition.ts";
import type { TenantSnapshot } from "../../core/tenant-snapshot.ts";
import { migrationsBetween } from "../../core/tenant-version.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import type { FleetContext } from "../context.ts";
import { enterSchema, step, tenantFiles, tenantStatements } from "../tenant-migrations.ts";
import type { RowsPlace } from "./copy-table.ts";

/** Tables that archived rows can be loaded into. */
export interface Room extends RowsPlace {
  readonly oid: string;
  /** Whether it goes with the transaction. */
  readonly passing: boolean;
}

const TEMPORARY = "pg_temp";

/**
 * Makes a schema with a tenant's tables as they were at the archive's version, for the transaction under way. It is
 * nobody's tenant: its partitions are not attached, and no book knows it.
 *
 * @throws {TenantryError} TNT-503, TNT-504 when the archive's migrations are not those of sql/tenant; TNT-706 when it
 *   has later ones; TNT-701 when it has a table that no archive has
 */
export async function makeRoom(
  client: pg.Client,
  ctx: FleetContext,
  head: ArchiveHead,
  snapshot: Pick<TenantSnapshot, "databaseName" | "sharedTables">,
  schema: string,
): Promise<Room> {
  const migrations = archivedMigrations(ctx, head);
  const target = { id: head.id, key: head.key, schema };
  const owner = { schema, key: head.key, partitionKey: ctx.partitionKey };
  await runStatements(client, [
    ...step("making room for the archive", [`create schema ${quoteIdentifier(schema)}`]),
    ...enterSchema(schema),
    ...migrations.flatMap((migration) =>
      tenantStatements(
        ctx,
        snapshot.databaseName,
        target,
        migrationStatements("tenant", migration),
      ),
    ),
    ...step("making room for the archive", [
      ...snapshot.sharedTables.flatMap((table) => buildPartition(table, owner)),
      ...centralTables(head),
    ]),
  ]);
  const [found] = await runStatements(client, [
    {
      text: "select oid::text from pg_namespace where nspname = $1",
      values: [schema],
      file: "looking for the room",
    },
  ]);
  return { schema, centralSchema: TEMPORARY, oid: String(found?.rows[0]?.oid), passing: true };
}

/** The migrations that made an archive's tables. */
export function archivedMigrations(ctx: FleetContext, head: ArchiveHead): Migration[] {
  const { id, version } = head;
  const files = tenantFiles(ctx, []);
  if (version > files.length)
    throw new TenantryError("TNT-706", { id, version, newest: files.length });
  tenantFiles(ctx, head.migrations);
  return migrationsBetween(files, 0, version);
}

/** Tables that take the rows of those in central until they are moved, less what says whose they are. */
export function centralTables({ tables }: ArchiveHead): string[] {
  return tables
    .filter(({ place }) => place === "central")
    .map(({ name, columns }) => {
      const quoted = quoteIdentifier(name);
      const list = columns.map(quoteIdentifier).join(", ");
      return `create temporary table ${quoted} on commit drop as select ${list} from central.${quoted} with no data`;
    });
}
