import { isDeepStrictEqual } from "node:util";
import type pg from "pg";
import { TenantryError } from "../../core/errors.ts";
import { tenantSchema } from "../../core/names.ts";
import type { RegistryRow } from "../../core/tenant-snapshot.ts";
import type { TenantClone, TenantSpec } from "../../core/tenant.ts";
import { takeLock } from "../../postgres/advisory-lock.ts";
import { withCopyClient } from "../../postgres/copy-client.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import { beginCopying } from "../archive/archive-session.ts";
import { fillTenant } from "../archive/fill-tenant.ts";
import type { Filling, MakeRoom } from "../archive/fill-tenant.ts";
import { openTables } from "../archive/open-tables.ts";
import { readSequences } from "../archive/write-archive.ts";
import type { FleetContext } from "../context.ts";
import { fleetQuery } from "../fleet-query.ts";
import { audit } from "../registry.ts";
import { enterSchema } from "../tenant-migrations.ts";
import { tenantLock } from "../tenant-session.ts";
import { describeSource } from "./describe-source.ts";
import { prepareMasking } from "./prepare-masking.ts";
import { refuseIdle } from "./refuse-idle.ts";
import { transferRows } from "./transfer-rows.ts";

/**
 * Makes a tenant as a copy of another one of the same database, at the source's migration, in one transaction: its
 * tables, and its rows as they are at one moment, masked or not. The source works on meanwhile; only changes of its
 * schema wait. The new tenant is suspended until its spec is applied.
 *
 * Rows go from one connection to another. With masked data the first one gives what the rules make of them, so that no
 * other value is ever on its way.
 *
 * @returns whether it did: a tenant that is there already, and began as the same clone, stays as it is
 * @throws {TenantryError} TNT-426 and TNT-427 when there is no such source, TNT-428 when a column has no rule or one
 *   that does not fit it, TNT-429 when a rule fails or masks nothing, TNT-430 when the new tenant's tables do not take a
 *   row, TNT-431 when the tenant is there and did not begin so, TNT-704 when the source's schema holds what no
 *   migration made; and as `fillTenant`. Nothing is changed then.
 */
export function cloneTenant(
  ctx: FleetContext,
  spec: TenantSpec,
  clone: TenantClone,
): Promise<boolean> {
  return fillTenant(ctx, spec, {
    doing: "cloning",
    found: (registry) => {
      requireSameOrigin(registry, clone);
    },
    fill: (target, makeRoom) =>
      withCopyClient(ctx.pool, async (source) => {
        const { from, data } = clone;
        // Before the transaction: its first statement decides what it sees.
        await takeLock(source, tenantLock(from), "session", ctx.signal);
        if (data === "masked") await prepareMasking(source, ctx);
        await beginCopying(source, "isolation level repeatable read, read only", ctx.roles.owner);
        await runStatements(source, enterSchema(tenantSchema(from)));
        return copyTables({ source, target }, ctx, { spec, clone }, makeRoom);
      }),
  });
}

async function copyTables(
  { source, target }: { readonly source: pg.Client; readonly target: pg.Client },
  ctx: FleetContext,
  { spec, clone }: { readonly spec: TenantSpec; readonly clone: TenantClone },
  makeRoom: MakeRoom,
): Promise<Filling> {
  const { from, data } = clone;
  const { head, oid, selections } = await describeSource(source, ctx, clone);
  await refuseIdle(source, selections);
  const room = await makeRoom(head);
  const close = await openTables(target, room);
  for (const selection of selections) {
    ctx.signal?.throwIfAborted();
    await transferRows(source, target, { selection, room, id: spec.id });
  }
  await runStatements(target, close);
  const origin = { from, data };
  return {
    tables: head.tables,
    sequences: data === "none" ? [] : await readSequences(source, oid),
    notes: [
      fleetQuery("clone/save-origin", [spec.id, JSON.stringify(origin)]),
      audit(ctx, "tenant.cloned", spec.id, null, { ...origin, version: head.version }),
    ],
  };
}

/** @throws {TenantryError} TNT-431 */
function requireSameOrigin({ id, clone }: RegistryRow, { from, data }: TenantClone): void {
  if (!isDeepStrictEqual(clone, { from, data }))
    throw new TenantryError("TNT-431", { id, from, data, began: clone ?? undefined });
}
