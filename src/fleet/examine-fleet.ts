import { setTimeout as sleep } from "node:timers/promises";
import type { PoolClient } from "pg";
import { examineIndexes } from "../core/doctor/examine-indexes.ts";
import type { InvalidIndex } from "../core/doctor/examine-indexes.ts";
import { examineMigrations } from "../core/doctor/examine-migrations.ts";
import { examineOrphans, examinePartitions } from "../core/doctor/examine-partitions.ts";
import type { Orphans, SharedTablePartitions } from "../core/doctor/examine-partitions.ts";
import {
  examineAreas,
  examineOwners,
  examineRights,
  examineSchemas,
} from "../core/doctor/examine-platform.ts";
import type { PlatformRight } from "../core/doctor/examine-platform.ts";
import { examineRoles } from "../core/doctor/examine-roles.ts";
import type { RoleRow } from "../core/doctor/examine-roles.ts";
import { examineShapes } from "../core/doctor/examine-shapes.ts";
import type { ShapeRow } from "../core/doctor/examine-shapes.ts";
import { examineCatalog, examineRegistry, isSound } from "../core/doctor/examine-tenants.ts";
import type { PatientRow, SoundPatient } from "../core/doctor/examine-tenants.ts";
import { findingKey, sortFindings } from "../core/doctor/finding.ts";
import type { Finding } from "../core/doctor/finding.ts";
import { quoteIdentifier } from "../core/identifier.ts";
import type { KnownMigration } from "../core/migration.ts";
import { PLATFORM_SCHEMAS } from "../core/privileges.ts";
import { platformRoles } from "../core/roles.ts";
import type { SqlStatement } from "../core/sql-statement.ts";
import { checkDatabase } from "../core/tenant-snapshot.ts";
import type { TenantSnapshot } from "../core/tenant-snapshot.ts";
import { tenantRole } from "../core/tenant.ts";
import { retryContention } from "../postgres/retry-contention.ts";
import { runStatements } from "../postgres/run-statements.ts";
import { sqlstateOf } from "../postgres/sql-error.ts";
import { SQLSTATE } from "../postgres/sqlstate.ts";
import { withTransaction } from "../postgres/with-transaction.ts";
import { PLATFORM_AREAS } from "./apply-migrations.ts";
import type { AreaCatalog } from "./apply-migrations.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";
import { readCatalogs } from "./read-catalog.ts";
import { readSqlArea } from "./sql-files.ts";
import { step } from "./tenant-migrations.ts";
import { withoutBooks } from "./tenant-session.ts";

/** What the doctor found. */
export interface Diagnosis {
  /** How many tenants of the stack were looked at. */
  readonly tenants: number;
  /** In the order of their codes. */
  readonly findings: readonly Finding[];
}

/** The files of an area with what ran of them. */
type KnownByArea = ReadonlyMap<string, readonly KnownMigration[]>;

/**
 * Compares the whole database with what is declared: registry, tenants' schemas, rights, partitions, migrations, shared
 * schemas and roles. The number of statements does not depend on how many tenants there are, and nothing is changed.
 *
 * The catalog may change meanwhile: PostgreSQL prints definitions as they are now, not as they were when the query
 * began. So whatever was found is looked at once more, and only what is there still is told.
 *
 * @throws {TenantryError} TNT-405 in a copied database, TNT-415 in one without books, TNT-501, TNT-502 and TNT-509 for
 *   files that cannot be read.
 */
export async function examineFleet(ctx: FleetContext): Promise<Diagnosis> {
  const first = await look(ctx);
  if (first.findings.length === 0) return first;
  const before = new Set(first.findings.map(findingKey));
  const { tenants, findings } = await look(
    ctx,
    new Set(first.findings.flatMap(({ tenant }) => tenant ?? [])),
  );
  return { tenants, findings: findings.filter((finding) => before.has(findingKey(finding))) };
}

/** How often a look is taken again whose objects were dropped while it printed them. */
const LOOKS = 10;

/** @param only the tenants whose schemas are looked into. Default: all */
async function look(ctx: FleetContext, only?: ReadonlySet<string>): Promise<Diagnosis> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await retryContention("Examining the fleet", ctx.signal, () =>
        withTransaction(ctx.pool, { role: ctx.roles.owner, signal: ctx.signal }, async (client) => {
          await runStatements(client, SETTLE);
          return examine(client, ctx, only);
        }),
      );
    } catch (cause) {
      if (attempt === LOOKS || sqlstateOf(cause) !== SQLSTATE.internalError)
        throw withoutBooks(ctx, cause);
      await sleep(attempt * 20, undefined, { signal: ctx.signal });
    }
  }
}

/**
 * One moment for all queries; memory to sort what a thousand tenants hold; and a superuser's own rights, since the owner
 * role may have lost its own.
 */
const SETTLE = step("settling on one moment", [
  "set transaction isolation level repeatable read, read only",
  "set local work_mem = '64MB'",
  "set local jit = off",
  "select set_config('role', 'none', true) from pg_roles where rolname = session_user and rolsuper",
]);

async function examine(
  client: PoolClient,
  ctx: FleetContext,
  only?: ReadonlySet<string>,
): Promise<Diagnosis> {
  const { roles } = ctx;
  const [identity, migrations, tenants, areas, rights, owners, schemas, tables, shapes] =
    await readAll<
      [
        TenantSnapshot,
        { area: string; known: KnownMigration[] },
        PatientRow,
        AreaCatalog,
        PlatformRight,
        { object: string; owner: string },
        { name: string },
        SharedTablePartitions,
        ShapeRow,
      ]
    >(client, [
      fleetQuery("fleet/database"),
      fleetQuery("doctor/migrations"),
      fleetQuery("doctor/tenants", [ctx.stack]),
      fleetQuery("fleet/area-objects", [PLATFORM_AREAS, roles.owner]),
      fleetQuery("doctor/rights", [PLATFORM_SCHEMAS, roles.owner]),
      fleetQuery("doctor/owners", [PLATFORM_SCHEMAS, roles.owner]),
      fleetQuery("doctor/schemas", [PLATFORM_SCHEMAS]),
      fleetQuery("doctor/partitions", [ctx.partitionKey]),
      fleetQuery("doctor/shapes", [ctx.stack]),
    ]);
  const [database] = identity;
  if (database !== undefined) checkDatabase(database);
  const known: KnownByArea = new Map(migrations.map((row) => [row.area, row.known]));
  const declared = {
    stack: ctx.stack,
    roles,
    newest: readSqlArea(ctx.sqlDirectory, "tenant").length,
  };
  const sound = tenants.filter((row) => isSound(row, ctx.stack));
  const inside = await examineInside(client, ctx, { sound, only, tables, areas });
  const findings = [
    ...tenants.flatMap((row) => examineRegistry(row, declared)),
    ...sound.flatMap((row) => {
      const catalog = inside.catalogs.get(row.schema.oid);
      return catalog === undefined ? [] : examineCatalog(row, declared, catalog);
    }),
    ...inside.findings,
    ...examineShapes(shapes),
    ...examinePartitions(tables, sound),
    ...examineMigrations(
      (["tenant", ...PLATFORM_AREAS] as const).map((area) => ({
        area,
        files: readSqlArea(ctx.sqlDirectory, area),
        known: known.get(area) ?? [],
      })),
    ),
    ...examineSchemas(schemas.map(({ name }) => name)),
    ...examineAreas(areas),
    ...examineRights(rights, roles, database?.databaseName ?? ""),
    ...examineOwners(owners, roles),
  ];
  return {
    tenants: tenants.filter(({ registry }) => registry !== null).length,
    findings: sortFindings(findings),
  };
}

/** What is asked about the tenants that are there, and the shared tables. */
async function examineInside(
  client: PoolClient,
  ctx: FleetContext,
  {
    sound,
    only,
    tables,
    areas,
  }: {
    readonly sound: readonly SoundPatient[];
    readonly only: ReadonlySet<string> | undefined;
    readonly tables: readonly SharedTablePartitions[];
    readonly areas: readonly AreaCatalog[];
  },
) {
  const oidsOf = (patients: readonly SoundPatient[]) => patients.map(({ schema }) => schema.oid);
  const patients = sound.filter(({ registry }) => only?.has(registry.id) ?? true);
  const tenantRoles = sound
    .filter(({ registry }) => registry.isolation === "strict")
    .map(({ registry }) => tenantRole(registry.id));
  const roleNames = [...platformRoles(ctx.roles).map(({ name }) => name), ...tenantRoles];
  const [catalogs, [indexes, roles, orphans]] = await Promise.all([
    readCatalogs(client, ctx, oidsOf(patients)),
    readAll<[InvalidIndex, RoleRow, Orphans]>(client, [
      fleetQuery("doctor/invalid-indexes", [oidsOf(sound), PLATFORM_SCHEMAS]),
      fleetQuery("doctor/roles", [roleNames]),
      orphansQuery(ctx, tables),
    ]),
  ]);
  const expected = new Map<string, readonly string[]>([
    ...sound.map(({ schema }) => [schema.name, catalogs.get(schema.oid)?.expected ?? []] as const),
    ...areas.map(
      ({ area, expected: lines }) => [area === "books" ? "tenantry" : area, lines ?? []] as const,
    ),
  ]);
  return {
    catalogs,
    findings: [
      ...examineIndexes(indexes, expected),
      ...examineRoles(roles, ctx.roles, tenantRoles),
      ...examineOrphans(orphans),
    ],
  };
}

/** The only question to tables rather than to the catalog: which rows are in no tenant's partition. */
function orphansQuery(
  { partitionKey }: FleetContext,
  tables: readonly SharedTablePartitions[],
): SqlStatement {
  const key = quoteIdentifier(partitionKey);
  const counts = tables.flatMap(({ defaultPartition: partition, mayHaveOrphans }) =>
    partition === null || mayHaveOrphans !== true
      ? []
      : [{ partition, text: `select $% as partition, ${key}::text as key from only ${partition}` }],
  );
  const texts = counts.map(({ text }, index) => text.replace("$%", `$${index + 1}::text`));
  return {
    text: `select partition, coalesce(key, 'null') as key, count(*)::integer as rows from (${
      texts.length === 0
        ? "select null as partition, null as key where false"
        : texts.join(" union all ")
    }) o group by 1, 2 order by 1, 2`,
    values: counts.map(({ partition }) => partition),
    file: "looking for orphans",
  };
}

/** Runs queries in one go; the rows of each. */
async function readAll<T extends readonly unknown[]>(
  client: PoolClient,
  statements: readonly SqlStatement[],
): Promise<{ [K in keyof T]: T[K][] }> {
  const results = await runStatements(client, statements);
  return results.map(({ rows }) => rows) as unknown as { [K in keyof T]: T[K][] };
}
