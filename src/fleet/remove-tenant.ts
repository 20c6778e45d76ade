import type { PoolClient } from "pg";
import { MAX_ATTEMPTS, PARTITION_ATTEMPTS } from "../core/contention.ts";
import { TenantryError } from "../core/errors.ts";
import { quoteIdentifier } from "../core/identifier.ts";
import { tenantSchema } from "../core/names.ts";
import { lockForPartitions } from "../core/partition-locks.ts";
import { dropRole } from "../core/tenant-statements.ts";
import { judgeTenant } from "../core/tenant-snapshot.ts";
import type { TenantSnapshot } from "../core/tenant-snapshot.ts";
import { tenantMark } from "../core/tenant.ts";
import { runStatements } from "../postgres/run-statements.ts";
import type { BookedArchive } from "./archive/list-archives.ts";
import { requireArchive } from "./archive/require-archive.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";
import { audit } from "./registry.ts";
import { requireRetention } from "./require-retention.ts";
import { step } from "./tenant-migrations.ts";
import { ownerOf, withTenant } from "./tenant-session.ts";

/**
 * Drops a tenant: its schema with its partitions, its role, its registry row; a tombstone stays. One that is gone
 * already is no error; one that something else declares than the context's manager stays, and is only forgotten here.
 *
 * Unless the stack is disposable, the tenant must be retired, its proven archive be there as it was written, and hold
 * as many rows as the tenant, counted under a lock that keeps writers out. Nothing outside its schema may depend on it.
 *
 * @param retention days for which it must have been retired. Default: the stack's
 * @throws {TenantryError} TNT-411 when it is not retired, TNT-432 when it is so for too short a time, TNT-412 when it has no proven archive, TNT-703 and TNT-707
 *   when the archive's file is not there or another one, TNT-708 when the rows are not those that were archived,
 *   TNT-413 when others depend on it, TNT-403 when its tables are in use, TNT-405 to TNT-407 when it is not ours;
 *   nothing is dropped then.
 */
export async function removeTenant(
  ctx: FleetContext,
  id: string,
  retention = ctx.retention ?? 0,
): Promise<void> {
  // The partitions of one that is retired are out already.
  const attempts = ctx.disposable ? PARTITION_ATTEMPTS : MAX_ATTEMPTS;
  const remove = async (client: PoolClient, snapshot: TenantSnapshot): Promise<void> => {
    const presence = judgeTenant(id, ctx.stack, snapshot);
    if (presence.is === "absent") return;
    const { registry } = presence;
    if (registry.managedBy !== (ctx.manager ?? registry.managedBy)) return;
    if (!ctx.disposable && registry.state !== "retired")
      throw new TenantryError("TNT-411", { id, state: registry.state });
    if (!ctx.disposable) await requireRetention(client, ctx, id, retention);
    if (presence.is === "present") await refuseDependents(client, id, presence.schema.oid);
    // To read a long archive takes longer than a transaction may be idle.
    await runStatements(
      client,
      step(`removing tenant ${id}`, ["set local idle_in_transaction_session_timeout = 0"]),
    );
    const archive = ctx.disposable
      ? undefined
      : await requireArchive(client, ctx.archives, registry);
    if (presence.is === "present" && archive)
      await refuseOtherRows(client, id, presence.schema.oid, archive);
    await runStatements(client, [
      ...step(`removing tenant ${id}`, dropStatements(ctx, id, registry.key, snapshot)),
      fleetQuery("fleet/forget-tenant", [id, archive?.number ?? null]),
      audit(ctx, "tenant.removed", id, registry, null),
    ]);
  };
  await withTenant(ctx, id, "Removing tenant", remove, attempts);
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
          ...lockForPartitions(
            sharedTables.filter(({ attached }) => attached),
            "drop",
          ),
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
async function refuseOtherRows(
  client: PoolClient,
  id: string,
  oid: string,
  { location, rowCounts }: BookedArchive,
): Promise<void> {
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
  const differences = ["central.users", ...tables.map(({ name }) => name)].flatMap(
    (name, index) => {
      const [now = 0, then = 0] = [counts[index], rowCounts[name]];
      return now === then ? [] : [`${now} rows in ${name}, ${then} archived`];
    },
  );
  if (differences.length > 0)
    throw new TenantryError("TNT-708", { id, file: location, differences });
}
