import { messageOf } from "../core/errors.ts";
import { DEFAULT_POLICY, planFleet } from "../core/fleet-plan.ts";
import type { MigrationPolicy } from "../core/fleet-plan.ts";
import { newestVersion } from "../core/migration.ts";
import { runStatements } from "../postgres/run-statements.ts";
import { withTransaction } from "../postgres/with-transaction.ts";
import { atOnce } from "./at-once.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";
import { inspectFleet } from "./inspect-fleet.ts";
import { migrateTenant } from "./migrate-tenant.ts";
import { MigrationReplay } from "./migration-replay.ts";
import { audit } from "./registry.ts";

/** How many tenants are migrated at once: more gains nothing (see bench/). */
const WORKERS = 4;

/** What became of the fleet. */
export interface FleetResult {
  /** The newest migration; tenants that are pinned or failed stay below it. */
  readonly version: number;
  /** The tenants that were brought up to date. */
  readonly migrated: readonly string[];
  /** The tenants that stayed at their last good version, by id. */
  readonly failures: readonly { readonly id: string; readonly message: string }[];
  /** The tenants that were not begun with, since too many others had failed. */
  readonly left: readonly string[];
}

/** What a run is told. */
export interface FleetRunOptions {
  /** Ends after the canaries. */
  readonly canaryOnly?: boolean;
  /** Hears of each tenant that is done with, and how many there are. */
  readonly onProgress?: (done: number, all: number) => void;
}

/**
 * Brings every tenant of the stack to its version and gives it the partitions of new shared tables: canaries first,
 * then wave after wave, as long as the policy allows. Who is behind is one query. A tenant that fails stays at its
 * last good version, and the registry says why. Retired tenants stay as they are. The next run goes on where this one
 * ended, whatever ended it.
 *
 * @throws {TenantryError} TNT-503 and TNT-504 when a migration was changed after it ran, before anything runs;
 *   TNT-405 in a copied database; TNT-415 in one without books.
 */
export async function migrateFleet(
  ctx: FleetContext,
  policy: MigrationPolicy = DEFAULT_POLICY,
  { canaryOnly = false, onProgress }: FleetRunOptions = {},
): Promise<FleetResult> {
  const fleet = await inspectFleet(ctx);
  const { members } = fleet;
  const version = newestVersion(fleet.files);
  const facts = new Map(members.map((fact) => [fact.id, fact]));
  const replay = new MigrationReplay(ctx, fleet);
  const stages = planFleet(members, policy).filter(({ isCanary }) => isCanary || !canaryOnly);
  const all = stages.flatMap(({ tenants }) => tenants);
  const migrated: string[] = [];
  const failures: { id: string; message: string }[] = [];
  const migrateOne = async (id: string): Promise<void> => {
    try {
      const fact = facts.get(id);
      // What cannot be replayed, or was not as expected, is looked at step by step.
      if (fact === undefined || !(await replay.migrate(fact))) await migrateTenant(ctx, id);
      migrated.push(id);
    } catch (error) {
      ctx.signal?.throwIfAborted();
      const message = messageOf(error);
      await saveFailure(ctx, id, version, message);
      failures.push({ id, message });
    }
    onProgress?.(migrated.length + failures.length, all.length);
  };
  for (const { tenants, mayFail } of stages) {
    await atOnce(tenants, WORKERS, async (id) => {
      ctx.signal?.throwIfAborted();
      if (failures.length <= mayFail) await migrateOne(id);
    });
    if (failures.length > mayFail) break;
  }
  if (migrated.length + failures.length > 0)
    await settle(ctx, { version, migrated: migrated.length, failed: failures.length });
  const done = new Set([...migrated, ...failures.map(({ id }) => id)]);
  return {
    version,
    migrated: migrated.toSorted(),
    failures: failures.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    left: all.filter((id) => !done.has(id)).toSorted(),
  };
}

/**
 * Writes the run down. Replayed migrations do not wait for the disk; this transaction does, and the server's log is
 * written in order: once it is safe, all before it are.
 */
async function settle(ctx: FleetContext, outcome: Record<string, number>): Promise<void> {
  await withTransaction(ctx.pool, { role: ctx.roles.owner }, (client) =>
    runStatements(client, [audit(ctx, "fleet.migrated", null, null, outcome)]),
  );
}

/** What cannot be written down ends the run: the database is gone, and the others would fail alike. */
async function saveFailure(
  ctx: FleetContext,
  id: string,
  version: number,
  message: string,
): Promise<void> {
  await withTransaction(ctx.pool, { role: ctx.roles.owner }, (client) =>
    runStatements(client, [fleetQuery("fleet/save-failure", [id, ctx.stack, version, message])]),
  );
}
