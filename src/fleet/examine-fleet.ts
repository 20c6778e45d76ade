import { setTimeout as sleep } from "node:timers/promises";
import type { PoolClient } from "pg";
import { examineMigrations } from "../core/doctor/examine-migrations.ts";
import { examinePartitions } from "../core/doctor/examine-partitions.ts";
import type { SharedTablePartitions } from "../core/shared-table-partitions.ts";
import {
  examineAreas,
  examineOwners,
  examineRights,
  examineSchemas,
} from "../core/doctor/examine-platform.ts";
import type { PlatformRight } from "../core/doctor/examine-platform.ts";
import { examineShapes } from "../core/doctor/examine-shapes.ts";
import type { ShapeRow } from "../core/doctor/examine-shapes.ts";
import { examineCatalog, examineRegistry, isSound } from "../core/doctor/examine-tenants.ts";
import type { PatientRow } from "../core/doctor/examine-tenants.ts";
import { findingKey, sortFindings } from "../core/doctor/finding.ts";
import type { Finding } from "../core/doctor/finding.ts";
import { declaredRoles } from "../core/declared-roles.ts";
import type { RoleSettings } from "../core/declared-roles.ts";
import type { KnownMigration } from "../core/migration.ts";
import { PLATFORM_SCHEMAS } from "../core/privileges.ts";
import type { PlatformRole } from "../core/roles.ts";
import { checkDatabase } from "../core/tenant-snapshot.ts";
import type { TenantSnapshot } from "../core/tenant-snapshot.ts";
import { retryContention } from "../postgres/retry-contention.ts";
import { runStatements } from "../postgres/run-statements.ts";
import { sqlstateOf } from "../postgres/sql-error.ts";
import { SQLSTATE } from "../postgres/sqlstate.ts";
import { withTransaction } from "../postgres/with-transaction.ts";
import { PLATFORM_AREAS } from "./apply-migrations.ts";
import type { AreaCatalog } from "./apply-migrations.ts";
import type { FleetContext } from "./context.ts";
import { examineInside } from "./examine-inside.ts";
import { fleetQuery } from "./fleet-query.ts";
import { readAll } from "./read-all.ts";
import { readSqlArea } from "./sql-files.ts";
import { step } from "./tenant-migrations.ts";
import { olderBooks } from "./tenant-session.ts";

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
 * @param settings what is declared about the roles beside their names
 * @throws {TenantryError} TNT-405 in a copied database, TNT-415 in one without books, TNT-440 with older ones, TNT-501, TNT-502 and TNT-509 for
 *   files that cannot be read.
 */
export async function examineFleet(
  ctx: FleetContext,
  settings: RoleSettings = {},
): Promise<Diagnosis> {
  const roles = declaredRoles(ctx.roles, settings);
  const { partitions } = settings;
  const first = await look(ctx, roles, partitions);
  if (first.findings.length === 0) return first;
  const before = new Set(first.findings.map(findingKey));
  const { tenants, findings } = await look(
    ctx,
    roles,
    partitions,
    new Set(first.findings.flatMap(({ tenant }) => tenant ?? [])),
  );
  return { tenants, findings: findings.filter((finding) => before.has(findingKey(finding))) };
}

/** How often a look is taken again whose objects were dropped while it printed them. */
const LOOKS = 10;

/** @param only the tenants whose schemas are looked into. Default: all */
async function look(
  ctx: FleetContext,
  roles: readonly PlatformRole[],
  partitions: RoleSettings["partitions"],
  only?: ReadonlySet<string>,
): Promise<Diagnosis> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await retryContention("Examining the fleet", ctx.signal, () =>
        withTransaction(ctx.pool, { role: ctx.roles.owner, signal: ctx.signal }, async (client) => {
          await runStatements(client, SETTLE);
          return examine(client, ctx, roles, partitions, only);
        }),
      );
    } catch (cause) {
      const state = sqlstateOf(cause);
      if (attempt === LOOKS || state !== SQLSTATE.internalError) throw olderBooks(ctx, cause);
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
  declaredRoles: readonly PlatformRole[],
  partitions: RoleSettings["partitions"],
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
  const files = readSqlArea(ctx.sqlDirectory, "tenant");
  const declared = { stack: ctx.stack, roles, newest: files.length };
  const sound = tenants.filter((row) => isSound(row, ctx.stack));
  const inside = await examineInside(client, ctx, {
    ...{ sound, only, tables, areas, files },
    declared: declaredRoles,
  });
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
    ...examineRights(rights, roles, database?.databaseName ?? "", partitions),
    ...examineOwners(owners, roles),
  ];
  return {
    tenants: tenants.filter(({ registry }) => registry !== null).length,
    findings: sortFindings(findings),
  };
}
