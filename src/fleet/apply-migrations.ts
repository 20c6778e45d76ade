import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PoolClient } from "pg";
import { compareLines, withChanges } from "../core/differences.ts";
import { checkUnchanged, migrationStatements, newestVersion } from "../core/migration.ts";
import type { KnownMigration, MigrationArea } from "../core/migration.ts";
import type { PartitionPlacement } from "../core/partition.ts";
import type { Rotation } from "../core/rotation.ts";
import { CONCURRENTLY, fillPlaceholders } from "../core/sql-placeholders.ts";
import { splitSql } from "../core/sql-statement.ts";
import type { SqlStatement } from "../core/sql-statement.ts";
import { checkDatabase } from "../core/tenant-snapshot.ts";
import type { TenantSnapshot } from "../core/tenant-snapshot.ts";
import { takeLock } from "../postgres/advisory-lock.ts";
import { retryContention } from "../postgres/retry-contention.ts";
import { runStatements } from "../postgres/run-statements.ts";
import { withTransaction } from "../postgres/with-transaction.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";
import { grantFileSizes } from "./grant-file-sizes.ts";
import { checkShapes } from "./partitions/check-shapes.ts";
import { shareTables } from "./partitions/share-tables.ts";
import { recordLogins } from "./record-logins.ts";
import { audit } from "./registry.ts";
import { readSqlArea } from "./sql-files.ts";
import { platformPlaceholders, recordMigrations, step } from "./tenant-migrations.ts";
import { withoutBooks } from "./tenant-session.ts";

/** The areas that exist once in a database. */
export type PlatformArea = Exclude<MigrationArea, "tenant">;
export const PLATFORM_AREAS: readonly PlatformArea[] = ["books", "central", "parametros", "shared"];

/** What the schema of an area holds, rights included, and what it held after its last migration. */
export interface AreaCatalog {
  readonly area: PlatformArea;
  readonly objects: readonly string[];
  /** Null when that was never written down. */
  readonly expected: readonly string[] | null;
}

/** What is there after migrations ran. */
export interface AppliedMigrations {
  /** The newest migration. */
  readonly version: number;
  /** The ones that ran now. */
  readonly applied: readonly number[];
}

/** What is declared about an area beside its migrations; what is left out stays as it is. */
export interface AreaOptions {
  /** Area central only: whether central.users has row level security. */
  readonly rowLevelSecurity?: boolean;
  /** Area central only: how the roles log in, by name, once the server has their passwords: the audit log tells it. */
  readonly rotations?: Readonly<Record<string, Rotation>>;
  /** Area shared only: whether applications use the shared tables themselves (`values`), or their tenants' partitions. */
  readonly partitions?: PartitionPlacement;
}

/**
 * Applies the migrations of an area that have not run yet, in one transaction of the owner role. The books come
 * first: they say what ran, and in which database.
 *
 * @throws {TenantryError} TNT-405 in a copied database, TNT-415 before the books are there, TNT-501 to TNT-509 for
 *   the files, TNT-840 for a shared table that cannot have partitions, TNT-854 for one whose rows could be reached past
 *   its policies; nothing is changed then.
 */
export async function applyMigrations(
  ctx: FleetContext,
  area: PlatformArea,
  { rowLevelSecurity, rotations, partitions }: AreaOptions = {},
): Promise<AppliedMigrations> {
  const files = readSqlArea(ctx.sqlDirectory, area);
  const apply = async (client: PoolClient): Promise<AppliedMigrations> => {
    await takeLock(client, `area ${area}`, "transaction", ctx.signal);
    const { known, database, recorded } = await inspect(client, area);
    checkUnchanged(area, files, known);
    const before = recorded ? await readAreas(client, ctx) : [];
    const pending = files.slice(known.length);
    const placeholders = { ...platformPlaceholders(ctx, database), [CONCURRENTLY]: "" };
    const fill = (statement: SqlStatement) => fillPlaceholders(statement, placeholders);
    const milliseconds: number[] = [];
    // Names without a schema are refused here.
    await runStatements(client, step("settling the path", ["set local search_path = ''"]));
    for (const migration of pending) {
      const statements = migrationStatements(area, migration).map(fill);
      const results = await runStatements(client, statements);
      milliseconds.push(results.reduce((sum, result) => sum + result.milliseconds, 0));
    }
    if (area === "shared" && pending.length > 0) await checkShapes(client, ctx);
    if (partitions !== undefined) await shareTables(client, ctx, partitions, placeholders);
    await runStatements(client, [
      ...recordMigrations(area, null, pending, milliseconds),
      ...(area === "books" ? [fleetQuery("fleet/claim-database", [false])] : []),
      ...(rowLevelSecurity === undefined ? [] : security(ctx, rowLevelSecurity).map(fill)),
    ]);
    if (area === "books") await grantFileSizes(client, ctx);
    await recordAreas(client, before, await readAreas(client, ctx));
    await writeDown(client, ctx, area, known.length, files.length);
    if (rotations !== undefined) await recordLogins(client, ctx, rotations, known.length === 0);
    return { version: newestVersion(files), applied: pending.map(({ number }) => number) };
  };
  try {
    return await retryContention(`Applying sql/${area}`, ctx.signal, () =>
      withTransaction(ctx.pool, { role: ctx.roles.owner, signal: ctx.signal }, apply),
    );
  } catch (cause) {
    throw area === "books" ? cause : withoutBooks(ctx, cause);
  }
}

/** Adds what ran to the audit log, once central's own migrations have made that. */
async function writeDown(
  client: PoolClient,
  ctx: FleetContext,
  area: PlatformArea,
  before: number,
  version: number,
): Promise<void> {
  if (version === before) return;
  const [found] = await runStatements(client, [
    {
      text: "select to_regclass('central.audit_log') is not null as there",
      file: "looking for the audit log",
    },
  ]);
  if (found?.rows[0]?.there !== true) return;
  const at = (number: number) => ({ area, version: number });
  await runStatements(client, [audit(ctx, "platform.migrated", null, at(before), at(version))]);
}

/** What the shared schemas hold. */
async function readAreas(client: PoolClient, ctx: FleetContext): Promise<AreaCatalog[]> {
  const [found] = await runStatements(client, [
    fleetQuery("fleet/area-objects", [PLATFORM_AREAS, ctx.roles.owner]),
  ]);
  return (found?.rows ?? []) as unknown as AreaCatalog[];
}

/** Writes down how the migrations changed what the shared schemas should hold: central adds a trigger to the books. */
async function recordAreas(
  client: PoolClient,
  before: readonly AreaCatalog[],
  after: readonly AreaCatalog[],
): Promise<void> {
  const saves = after.flatMap(({ area, objects, expected }) => {
    const earlier = before.find((row) => row.area === area)?.objects ?? [];
    const next = expected === null ? objects : withChanges(expected, earlier, objects);
    const same = expected !== null && compareLines(expected, next);
    return same && same.missing.length + same.undeclared.length === 0
      ? []
      : [fleetQuery("fleet/save-area", [area, next])];
  });
  await runStatements(client, saves);
}

/** What ran already; before the books' first migration nothing did, and nothing says so. */
async function inspect(
  client: PoolClient,
  area: PlatformArea,
): Promise<{ known: KnownMigration[]; database: string; recorded: boolean }> {
  const [books] = await runStatements(client, [
    {
      text: "select to_regclass('tenantry.settings') is null as missing, to_regclass('tenantry.areas') is not null as recorded, current_database() as name",
      file: "looking for the books",
    },
  ]);
  const database = String(books?.rows[0]?.name);
  const recorded = books?.rows[0]?.recorded === true;
  if (area === "books" && books?.rows[0]?.missing === true)
    return { known: [], database, recorded };
  const [identity, known] = await runStatements(client, [
    fleetQuery("fleet/database"),
    fleetQuery("fleet/known-migrations", [area]),
  ]);
  checkDatabase(identity?.rows[0] as unknown as TenantSnapshot);
  return { known: (known?.rows ?? []) as unknown as KnownMigration[], database, recorded };
}

function security({ sqlDirectory }: FleetContext, enabled: boolean): SqlStatement[] {
  const file = `central/row-level-security/${enabled ? "enable" : "disable"}.sql`;
  return splitSql(readFileSync(join(sqlDirectory, file), "utf8"), `sql/${file}`);
}
