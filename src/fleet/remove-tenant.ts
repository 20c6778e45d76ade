import type { PoolClient } from "pg";
import { TenantryError } from "../core/errors.ts";
import { quoteIdentifier } from "../core/identifier.ts";
import { tenantSchema } from "../core/names.ts";
import { lockForPartitions } from "../core/partition.ts";
import { dropRole } from "../core/tenant-statements.ts";
import { judgeTenant } from "../core/tenant-snapshot.ts";
import type { TenantSnapshot } from "../core/tenant-snapshot.ts";
import { tenantMark } from "../core/tenant.ts";
import { runStatements } from "../postgres/run-statements.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";
import { audit } from "./registry.ts";
import { step } from "./tenant-migrations.ts";
import { ownerOf, withTenant } from "./tenant-session.ts";

/**
 * Drops a tenant: its schema with its partitions, its role, its registry row; a tombstone stays. One that is gone
 * already is no error.
 *
 * Unless the stack is disposable, the tenant must be retired and hold no row, counted under a lock that keeps
 * writers out. Nothing outside its schema may depend on it.
 *
 * @throws {TenantryError} TNT-411 when it is not retired, TNT-412 when it holds rows, TNT-413 when others depend on
 *   it, TNT-403 when its tables are in use, TNT-405 to TNT-407 when it is not ours; nothing is dropped then.
 */
export async function removeTenant(ctx: FleetContext, id: string): Promise<void> {
  await withTenant(ctx, id, "Removing tenant", async (client, snapshot) => {
    const presence = judgeTenant(id, ctx.stack, snapshot);
    if (presence.is === "absent") return;
    const { registry } = presence;
    if (!ctx.disposable && registry.state !== "retired")
      throw new TenantryError("TNT-411", { id, state: registry.state });
    if (presence.is === "present") {
      await refuseDependents(client, id, presence.schema.oid);
      if (!ctx.disposable) await refuseRows(client, id, presence.schema.oid);
    }
    await runStatements(client, [
      ...step(`removing tenant ${id}`, dropStatements(ctx, id, registry.key, snapshot)),
      fleetQuery("fleet/forget-tenant", [id]),
      audit(ctx, "tenant.removed", id, registry, null),
    ]);
  });
}

function dropStatements(
  ctx: FleetContext,
  id: string,
  key: string,
  { schema, role, sharedTables }: TenantSnapshot,
): string[] {
  return [
    ...(schema === null
      ? []
      : [
          ...lockForPartitions(sharedTables, "drop"),
          `drop schema ${quoteIdentifier(tenantSchema(id))} cascade`,
        ]),
    ...(role?.comment === tenantMark(key, ctx.stack) ? dropRole(id, ownerOf(ctx, key)) : []),
  ];
}

async function refuseDependents(client: PoolClient, id: string, oid: string): Promise<void> {
  const [found] = await runStatements(client, [fleetQuery("fleet/dependents", [oid])]);
  const dependents = (found?.rows ?? []).map(({ dependent }) => String(dependent));
  if (dependents.length > 0)
    throw new TenantryError("TNT-413", { schema: tenantSchema(id), dependents });
}

/** The tables stay locked until the transaction ends, so that what was counted is what is dropped. */
async function refuseRows(client: PoolClient, id: string, oid: string): Promise<void> {
  const [found] = await runStatements(client, [fleetQuery("fleet/tenant-tables", [oid])]);
  const tables = (found?.rows ?? []) as { quoted: string; name: string }[];
  const count = (table: string, condition = "") => ({
    text: `select count(*)::float8 as rows from ${table} ${condition}`,
    file: `counting the rows of ${table}`,
  });
  const results = await runStatements(client, [
    ...tables.map(({ quoted }) => ({
      text: `lock table ${quoted} in access exclusive mode`,
      file: `locking ${quoted}`,
    })),
    { ...count("central.users", "where tenant_id = $1"), values: [id] },
    ...tables.map(({ quoted }) => count(quoted)),
  ]);
  const counts = results.slice(tables.length).map(({ rows }) => Number(rows[0]?.rows));
  const filled = ["central.users", ...tables.map(({ name }) => name)]
    .map((name, index) => ({ name, rows: counts[index] ?? 0 }))
    .filter(({ rows }) => rows > 0)
    .map(({ name, rows }) => `${rows} in ${name}`);
  if (filled.length > 0) throw new TenantryError("TNT-412", { id, tables: filled });
}
