import type { ClientBase } from "pg";
import { checkUnchanged, migrationStatements } from "../core/migration.ts";
import type { Migration } from "../core/migration.ts";
import { quoteIdentifier } from "../core/identifier.ts";
import { tenantSchema } from "../core/names.ts";
import { attachPartitions } from "../core/partition.ts";
import { CONCURRENTLY, fillPlaceholders } from "../core/sql-placeholders.ts";
import type { Placeholders } from "../core/sql-placeholders.ts";
import type { SqlStatement } from "../core/sql-statement.ts";
import type { TenantSnapshot } from "../core/tenant-snapshot.ts";
import type { StatementResult } from "../postgres/run-statements.ts";
import { runStatements } from "../postgres/run-statements.ts";
import type { FleetContext } from "./context.ts";
import type { DatabaseContext } from "./database-context.ts";
import { fleetQuery } from "./fleet-query.ts";
import { readSqlArea } from "./sql-files.ts";

/** A tenant that statements run for. */
export interface TenantTarget {
  readonly id: string;
  readonly key: string;
  /** Where its tables are to be. Default: in its own schema. */
  readonly schema?: string;
}

/**
 * The tenant migrations, once it is sure that none was changed after it ran anywhere.
 *
 * @throws {TenantryError} TNT-503, TNT-504
 */
export function tenantFiles(ctx: FleetContext, known: TenantSnapshot["migrations"]): Migration[] {
  const files = readSqlArea(ctx.sqlDirectory, "tenant");
  checkUnchanged("tenant", files, known);
  return files;
}

/** What placeholders every area's files have. */
export function platformPlaceholders(ctx: FleetContext, database: string): Placeholders {
  const { owner, user, app, readonly, monitor, backup } = ctx.roles;
  const names = { owner, user, app, readonly, monitor, backup };
  return { ...names, database, partition_key: ctx.partitionKey };
}

/** The statements of a tenant's migration. `concurrently` is the keyword on a live tenant, else nothing. */
export function tenantStatements(
  ctx: FleetContext,
  database: string,
  { id, key, schema = tenantSchema(id) }: TenantTarget,
  statements: readonly SqlStatement[],
  concurrently: "concurrently" | "" = "",
): SqlStatement[] {
  const placeholders = {
    ...platformPlaceholders(ctx, database),
    schema,
    id,
    key,
    [CONCURRENTLY]: concurrently,
  };
  return statements.map((statement) => fillPlaceholders(statement, placeholders));
}

/** Statements of ours, which stand in no file. */
export const step = (file: string, texts: readonly string[]): SqlStatement[] =>
  texts.map((text) => ({ text, file }));

/** Makes names without a schema those of a schema until the transaction ends. */
export const enterSchema = (schema: string): SqlStatement[] =>
  step("entering the schema", [`set local search_path = ${quoteIdentifier(schema)}, pg_temp`]);

/**
 * Runs statements and then migrations in the transaction that is under way, and the statements after them, in one
 * go; then writes the migrations down, and the shape of the schema that came of it.
 */
export async function runMigrations(
  client: ClientBase,
  ctx: FleetContext,
  target: TenantTarget,
  snapshot: TenantSnapshot,
  work: {
    readonly before: readonly SqlStatement[];
    readonly migrations: readonly Migration[];
    readonly after: readonly SqlStatement[];
    /** Runs last, when all went well. */
    readonly finally?: readonly SqlStatement[];
  },
): Promise<void> {
  const files = work.migrations.map((migration) =>
    tenantStatements(ctx, snapshot.databaseName, target, migrationStatements("tenant", migration)),
  );
  const before = [...work.before, ...enterSchema(tenantSchema(target.id))];
  const results = await runStatements(client, [...before, ...files.flat(), ...work.after]);
  let at = before.length;
  const milliseconds = files.map(({ length }) => total(results.slice(at, (at += length))));
  await runStatements(client, [
    ...bookMigrations(target, work.migrations, milliseconds),
    ...(work.finally ?? []),
  ]);
}

/** Writes a tenant's migrations into the books, and what its schema holds now. */
export function bookMigrations(
  { key }: TenantTarget,
  migrations: readonly Migration[],
  milliseconds: readonly number[],
): SqlStatement[] {
  return [
    ...recordMigrations("tenant", key, migrations, milliseconds),
    fleetQuery("fleet/save-shape", [key]),
  ];
}

const total = (results: readonly StatementResult[]): number =>
  results.reduce((sum, { milliseconds }) => sum + milliseconds, 0);

/** Writes migrations into the books. */
export function recordMigrations(
  area: string,
  key: string | null,
  migrations: readonly Migration[],
  milliseconds: readonly number[],
): SqlStatement[] {
  if (migrations.length === 0) return [];
  const column = <K extends keyof Migration>(name: K) => migrations.map((file) => file[name]);
  return [
    fleetQuery("fleet/record-migrations", [
      area,
      key,
      column("number"),
      column("name"),
      column("checksum"),
      milliseconds,
    ]),
  ];
}

/** Gives the tenant the partitions it lacks, and moves its orphans there. */
export function missingPartitions(
  ctx: DatabaseContext,
  { id, key }: TenantTarget,
  snapshot: TenantSnapshot,
): SqlStatement[] {
  const missing = snapshot.sharedTables.filter(({ attached }) => !attached);
  const owner = { schema: tenantSchema(id), key, partitionKey: ctx.partitionKey };
  return attachPartitions(missing, owner).map(({ text }) => ({
    text,
    file: "attaching partitions",
  }));
}
