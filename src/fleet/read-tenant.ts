import { judgeTenant } from "../core/tenant-snapshot.ts";
import type { RegistryRow } from "../core/tenant-snapshot.ts";
import { tenantDrift } from "../core/tenant-drift.ts";
import type { TenantDrift } from "../core/tenant-drift.ts";
import { tenantSchema } from "../core/names.ts";
import type { TenantPlace, TenantSpec } from "../core/tenant.ts";
import type { FleetContext } from "./context.ts";
import { readCatalogs } from "./read-catalog.ts";
import { withTenant } from "./tenant-session.ts";

/** A tenant as the database has it. */
export interface TenantFacts extends TenantPlace {
  /** As the registry has it. */
  readonly spec: TenantSpec;
  /** How its schema differs from that. */
  readonly drift: TenantDrift;
  /** The shared tables it has no partition of. */
  readonly missingPartitions: readonly string[];
}

/**
 * Reads a tenant; nothing is changed.
 *
 * @returns `undefined` when its schema or its row in the registry is gone
 * @throws {TenantryError} TNT-405 to TNT-407 when what is there is not ours.
 */
export function readTenant(ctx: FleetContext, id: string): Promise<TenantFacts | undefined> {
  return withTenant(ctx, id, "Reading tenant", async (client, snapshot) => {
    const presence = judgeTenant(id, ctx.stack, snapshot);
    if (presence.is !== "present") return undefined;
    const { registry, schema } = presence;
    const spec = specOf(registry);
    const catalog = (await readCatalogs(client, ctx, [schema.oid])).get(schema.oid);
    if (catalog === undefined) return undefined;
    return {
      spec,
      schema: tenantSchema(id),
      key: registry.key,
      version: registry.version,
      drift: tenantDrift(spec, ctx.roles, schema.owner, catalog),
      missingPartitions: snapshot.sharedTables
        .filter(({ attached }) => !attached && spec.state !== "retired")
        .map(({ name }) => name),
    };
  });
}

/** What the registry says was declared. */
export function specOf({ id, company, state, isolation, pin }: RegistryRow): TenantSpec {
  return { id, company, state, isolation, ...(pin === null ? {} : { pin }) };
}
