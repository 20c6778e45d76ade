import type { ClientBase } from "pg";
import type { SqlStatement } from "../core/sql-statement.ts";
import { TenantryError } from "../core/errors.ts";
import { tenantDrift } from "../core/tenant-drift.ts";
import type { PresentTenant, TenantSnapshot } from "../core/tenant-snapshot.ts";
import { convergeRights } from "../core/tenant-statements.ts";
import type { TenantSpec } from "../core/tenant.ts";
import type { FleetContext } from "./context.ts";
import { readCatalogs } from "./read-catalog.ts";
import { step } from "./tenant-migrations.ts";
import { ownerOf } from "./tenant-session.ts";

/**
 * Tells what of a tenant's rights and owners is wrong, and the statements that put it right.
 *
 * @throws {TenantryError} TNT-408 when its schema has just gone, TNT-414 for a role of its name without our mark.
 */
export async function rightsChanges(
  client: ClientBase,
  ctx: FleetContext,
  spec: TenantSpec,
  snapshot: TenantSnapshot,
  { registry, schema }: PresentTenant,
): Promise<{ readonly statements: SqlStatement[]; readonly rights: readonly string[] }> {
  const catalog = (await readCatalogs(client, ctx, [schema.oid])).get(schema.oid);
  if (catalog === undefined) throw new TenantryError("TNT-408", { id: spec.id });
  const { rights } = tenantDrift(spec, ctx.roles, schema.owner, catalog);
  const current = { ...catalog, role: snapshot.role, schemaOwner: schema.owner };
  const texts =
    rights.length === 0 ? [] : convergeRights(spec, ownerOf(ctx, registry.key), current);
  return { statements: step(`changing tenant ${spec.id}`, texts), rights };
}
