import type { ClientBase } from "pg";
import { ARCHIVE_FORMAT } from "../../core/archive-manifest.ts";
import type { ArchivedTable, ArchiveHead } from "../../core/archive-manifest.ts";
import { TenantryError } from "../../core/errors.ts";
import { tenantDrift } from "../../core/tenant-drift.ts";
import { judgeTenant } from "../../core/tenant-snapshot.ts";
import type { TenantSnapshot } from "../../core/tenant-snapshot.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import type { FleetContext } from "../context.ts";
import { fleetQuery } from "../fleet-query.ts";
import { tenantIds } from "../tenant-ids.ts";
import { readCatalogs } from "../read-catalog.ts";
import { specOf } from "../read-tenant.ts";

/** The users of a tenant, less what says whose they are and the number that another database gives them. */
const USERS: ArchivedTable = {
  place: "central",
  name: "users",
  columns: ["email", "full_name", "active", "created_at"],
};

/** What of a tenant can be copied, and where it is. */
export interface TenantContents {
  readonly head: ArchiveHead;
  /** Of its schema. */
  readonly oid: string;
}

/**
 * Describes the tables of a tenant that hold rows.
 *
 * @throws {TenantryError} TNT-441 when there is no such tenant, TNT-408 when its schema is gone, TNT-704 when that
 *   holds what no migration made, TNT-405 to TNT-407 when what is there is not ours
 */
export async function describeTenant(
  client: ClientBase,
  ctx: FleetContext,
  id: string,
  snapshot: TenantSnapshot,
): Promise<TenantContents> {
  const presence = judgeTenant(id, ctx.stack, snapshot);
  if (presence.is === "absent")
    throw new TenantryError("TNT-441", { id, stack: ctx.stack, known: await tenantIds(ctx) });
  if (presence.is === "lost") throw new TenantryError("TNT-408", { id });
  const { registry, schema } = presence;
  const catalog = (await readCatalogs(client, ctx, [schema.oid])).get(schema.oid);
  if (catalog === undefined) throw new TenantryError("TNT-408", { id });
  const { objects } = tenantDrift(specOf(registry), ctx.roles, schema.owner, catalog);
  if (objects.length > 0) throw new TenantryError("TNT-704", { id, objects });
  const shared = snapshot.sharedTables.map(({ name }) => name);
  const [tables] = await runStatements(client, [
    fleetQuery("archive/tables", [schema.oid, ctx.partitionKey, shared]),
  ]);
  const own = (tables?.rows ?? []) as unknown as Pick<ArchivedTable, "name" | "columns">[];
  const { company, isolation, key, version } = registry;
  return {
    oid: schema.oid,
    head: {
      format: ARCHIVE_FORMAT,
      ...{ id, key, company, isolation, version },
      migrations: snapshot.migrations.filter(({ number }) => number <= version),
      tables: [...own.map((table) => ({ place: "tenant" as const, ...table })), USERS],
    },
  };
}
