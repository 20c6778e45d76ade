import type { ClientBase } from "pg";
import { declaredAutovacuum } from "../core/autovacuum-settings.ts";
import type { AutovacuumSettings } from "../core/autovacuum-settings.ts";
import { examineAutovacuum } from "../core/doctor/examine-autovacuum.ts";
import type { AutovacuumRow } from "../core/doctor/examine-autovacuum.ts";
import { examineIndexes } from "../core/doctor/examine-indexes.ts";
import type { InvalidIndex } from "../core/doctor/examine-indexes.ts";
import { examineOrphans } from "../core/doctor/examine-partitions.ts";
import type { Orphans, SharedTablePartitions } from "../core/shared-table-partitions.ts";
import { examineRoles } from "../core/doctor/examine-roles.ts";
import type { RoleRow } from "../core/doctor/examine-roles.ts";
import type { SoundPatient } from "../core/doctor/examine-tenants.ts";
import type { Finding } from "../core/doctor/finding.ts";
import type { Migration } from "../core/migration.ts";
import { PLATFORM_SCHEMAS } from "../core/privileges.ts";
import type { PlatformRole } from "../core/roles.ts";
import { tenantRole } from "../core/tenant.ts";
import type { AreaCatalog } from "./apply-migrations.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";
import { orphansQuery } from "./orphans-query.ts";
import { readAll } from "./read-all.ts";
import { readCatalogs } from "./read-catalog.ts";
import type { TenantCatalog } from "./read-catalog.ts";

/** What is asked about the tenants that are there, and the shared tables. */
export async function examineInside(
  client: ClientBase,
  ctx: FleetContext,
  {
    sound,
    only,
    tables,
    areas,
    files,
    declared,
  }: {
    readonly sound: readonly SoundPatient[];
    readonly only: ReadonlySet<string> | undefined;
    readonly tables: readonly SharedTablePartitions[];
    readonly areas: readonly AreaCatalog[];
    /** The tenant migrations. */
    readonly files: readonly Migration[];
    readonly declared: readonly PlatformRole[];
  },
): Promise<{ catalogs: ReadonlyMap<string, TenantCatalog>; findings: Finding[] }> {
  const oidsOf = (patients: readonly SoundPatient[]) => patients.map(({ schema }) => schema.oid);
  const patients = sound.filter(({ registry }) => only?.has(registry.id) ?? true);
  const tenantRoles = sound
    .filter(({ registry }) => registry.isolation === "strict")
    .map(({ registry }) => tenantRole(registry.id));
  const roleNames = [...declared.map(({ name }) => name), ...tenantRoles];
  const autovacuum = declaredByVersion(files);
  const reading = readCatalogs(client, ctx, oidsOf(patients));
  const others = readAll<[InvalidIndex, RoleRow, AutovacuumRow, Orphans]>(client, [
    fleetQuery("doctor/invalid-indexes", [oidsOf(sound), PLATFORM_SCHEMAS]),
    fleetQuery("doctor/roles", [roleNames]),
    fleetQuery("doctor/autovacuum", [oidsOf(sound), [...autovacuum(files.length).keys()]]),
    orphansQuery(ctx, tables),
  ]);
  // When the first ones fail these do too, and only the first tell why.
  others.catch(() => undefined);
  const catalogs = await reading;
  const [indexes, roles, vacuumed, orphans] = await others;
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
      ...examineAutovacuum(vacuumed, sound, autovacuum),
      ...examineRoles(roles, declared, tenantRoles),
      ...examineOrphans(orphans),
    ],
  };
}

/** What the migrations say about autovacuum, worked out once for each version. */
function declaredByVersion(
  files: readonly Migration[],
): (version: number) => ReadonlyMap<string, AutovacuumSettings> {
  const known = new Map<number, ReadonlyMap<string, AutovacuumSettings>>();
  return (version) => {
    const declared = known.get(version) ?? declaredAutovacuum(files, version);
    known.set(version, declared);
    return declared;
  };
}
