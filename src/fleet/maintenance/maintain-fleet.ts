import { messageOf, TenantryError } from "../../core/errors.ts";
import { workersFor, workName } from "../../core/maintenance.ts";
import type { MaintenanceWork } from "../../core/maintenance.ts";
import { releaseLock, tryLock } from "../../postgres/advisory-lock.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import { withClient } from "../../postgres/with-client.ts";
import { withTransaction } from "../../postgres/with-transaction.ts";
import { atOnce } from "../at-once.ts";
import type { FleetContext } from "../context.ts";
import { fleetQuery } from "../fleet-query.ts";
import { audit } from "../registry.ts";
import type { AuditAction } from "../registry.ts";
import { withoutBooks } from "../tenant-session.ts";
import { tenantIds } from "../tenant-ids.ts";
import { endsMaintenance } from "./ends-maintenance.ts";
import { DONE, maintainTenant } from "./maintain-tenant.ts";
import type { MaintenanceOptions, TenantMaintenance } from "./maintain-tenant.ts";

/** How long a run that was interrupted may be gone on with: a nightly one begins anew. */
const RESUMABLE = "12 hours";

/** A run that did not come to its end. */
export interface UnfinishedRun {
  readonly runId: string;
  readonly begunAt: Date;
  /** The tenants it was done with. */
  readonly done: readonly string[];
}

export interface FleetMaintenanceOptions extends MaintenanceOptions {
  /** Whether an interrupted run is forgotten rather than gone on with. Default: no. */
  readonly fromStart?: boolean;
  /** Told before the first tenant when an interrupted run is gone on with. */
  readonly onResume?: (run: UnfinishedRun) => void;
  /** Told of each tenant when it is done. */
  readonly onTenant?: (tenant: TenantMaintenance) => void;
  /** Told of a tenant that could not be worked on at all. */
  readonly onFailure?: (failure: { readonly id: string; readonly message: string }) => void;
  readonly onProgress?: (done: number, all: number) => void;
}

/** What became of the tenants. */
export interface FleetMaintenance {
  /** Worked on now, those with tables that were left out included. */
  readonly maintained: number;
  /** An interrupted run was done with these before. */
  readonly skipped: number;
  /** Removed meanwhile. */
  readonly gone: number;
  readonly failed: number;
  /** Tables and indexes that were left out. */
  readonly leftOut: number;
}

/**
 * Maintains every tenant of the stack, a few at once. A tenant that fails does not stop the others. A run that is
 * interrupted leaves a `maintenance.begun` without a `maintenance.ended` in the audit log, and a line for each tenant
 * it was done with, all under one run id: the next run of the same work goes on from there, within twelve hours.
 *
 * @throws {TenantryError} TNT-886 when another run is at work, TNT-887 when the server stopped on the way, TNT-415 when
 *   the database has no books
 */
export function maintainFleet(
  ctx: FleetContext,
  work: MaintenanceWork,
  options: FleetMaintenanceOptions = {},
): Promise<FleetMaintenance> {
  const lock = `maintenance of ${ctx.stack}`;
  return withClient(ctx.pool, async (client) => {
    if (!(await tryLock(client, lock, "session")))
      throw new TenantryError("TNT-886", { stack: ctx.stack });
    try {
      return await run(ctx, work, options);
    } finally {
      // A connection that broke has lost the lock already, and what broke it is told by the run.
      await releaseLock(client, lock).catch(() => undefined);
    }
  });
}

async function run(
  context: FleetContext,
  work: MaintenanceWork,
  options: FleetMaintenanceOptions,
): Promise<FleetMaintenance> {
  const ids = await tenantIds(context);
  const unfinished = options.fromStart === true ? undefined : await findRun(context, work);
  const ctx: FleetContext = { ...context, runId: unfinished?.runId ?? crypto.randomUUID() };
  if (unfinished === undefined)
    await note(ctx, "maintenance.begun", {
      ...{ stack: ctx.stack, work: workName(work), tenants: ids.length },
    });
  else options.onResume?.(unfinished);
  const done = new Set(unfinished?.done);
  const due = ids.filter((id) => !done.has(id));
  const tally = { maintained: 0, gone: 0, failed: 0, leftOut: 0 };
  const ended = (): number => tally.maintained + tally.gone + tally.failed;
  const maintainOne = async (id: string): Promise<void> => {
    try {
      const tenant = await maintainTenant(ctx, id, work, options);
      tally[tenant.gone ? "gone" : "maintained"] += 1;
      tally.leftOut += tenant.gone ? 0 : tenant.leftOut.length;
      options.onTenant?.(tenant);
    } catch (error) {
      ctx.signal?.throwIfAborted();
      const message = messageOf(error);
      if (endsMaintenance(error))
        throw new TenantryError(
          "TNT-887",
          { work: workName(work), done: done.size + ended(), all: ids.length, reason: message },
          { cause: error },
        );
      tally.failed += 1;
      options.onFailure?.({ id, message });
    }
    options.onProgress?.(ended(), due.length);
  };
  await atOnce(due, workersFor(work), async (id) => {
    ctx.signal?.throwIfAborted();
    await maintainOne(id);
  });
  await note(ctx, "maintenance.ended", { stack: ctx.stack, work: workName(work), ...tally });
  return { ...tally, skipped: ids.length - due.length };
}

/** The run of this work that is to be gone on with. */
async function findRun(
  ctx: FleetContext,
  work: MaintenanceWork,
): Promise<UnfinishedRun | undefined> {
  const values = [ctx.stack, workName(work), DONE[work.does], RESUMABLE];
  const [found] = await withTransaction(ctx.pool, { role: ctx.roles.owner }, (client) =>
    runStatements(client, [fleetQuery("maintain/unfinished-run", values)]),
  );
  return found?.rows[0] as unknown as UnfinishedRun | undefined;
}

async function note(
  ctx: FleetContext,
  action: AuditAction,
  after: Record<string, unknown>,
): Promise<void> {
  await withTransaction(ctx.pool, { role: ctx.roles.owner }, (client) =>
    runStatements(client, [audit(ctx, action, null, null, after)]),
  );
}
