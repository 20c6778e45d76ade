import { TenantryError } from "../../core/errors.ts";
import { suggest } from "../../core/suggest.ts";
import { readMonitor } from "./read-monitor.ts";
import type { MonitorContext } from "./read-monitor.ts";

/** A schema, or a table of one, with its bytes; see sql/monitor/sizes.sql. */
export interface SizeFact {
  readonly schema: string;
  /** Null for the schema as a whole. */
  readonly table: string | null;
  /** The tenant's id; null for the platform's schemas. */
  readonly tenant: string | null;
  readonly state: string | null;
  readonly tables: number;
  readonly indexes: number;
  readonly bytes: number;
  readonly tableBytes: number;
  readonly indexBytes: number;
  readonly toastBytes: number;
}

/**
 * The bytes of every schema, largest first; one query for the whole fleet.
 *
 * @throws {TenantryError} as `readMonitor`
 */
export async function readSizes(ctx: MonitorContext): Promise<SizeFact[]> {
  const [sizes] = await readMonitor<[SizeFact]>(ctx, ["sizes"]);
  return sizes;
}

/**
 * The bytes of each table of a tenant, largest first.
 *
 * @throws {TenantryError} as `readMonitor`; TNT-872 when there is no such tenant
 */
export async function readTableSizes(ctx: MonitorContext, id: string): Promise<SizeFact[]> {
  const schema = await tenantSchemaOf(ctx, id);
  const [sizes] = await readMonitor<[SizeFact]>(ctx, ["sizes"], { schema });
  return sizes;
}

/** The tenants' ids by their schemas. */
export async function tenantSchemas(ctx: MonitorContext): Promise<Map<string, string>> {
  const [rows] = await readMonitor<[{ schema: string; id: string }]>(ctx, ["schemas"]);
  return new Map(rows.map(({ schema, id }) => [schema, id]));
}

/**
 * The schema of a tenant that is there.
 *
 * @throws {TenantryError} TNT-872 when there is no such tenant
 */
export async function tenantSchemaOf(ctx: MonitorContext, id: string): Promise<string> {
  const schemas = await tenantSchemas(ctx);
  const [found] = [...schemas].find(([, tenant]) => tenant === id) ?? [];
  if (found !== undefined) return found;
  const known = [...schemas.values()];
  throw new TenantryError("TNT-872", { id, tenants: known.length, proposal: suggest(id, known) });
}
