import type { RoleSettings } from "../core/declared-roles.ts";
import { findingKey } from "../core/doctor/finding.ts";
import type { Finding, Repair } from "../core/doctor/finding.ts";
import { messageOf } from "../core/errors.ts";
import { quoteIdentifier } from "../core/identifier.ts";
import { TENANT_SCHEMA_PREFIX } from "../core/names.ts";
import { releaseLock, takeLock } from "../postgres/advisory-lock.ts";
import { retryContention } from "../postgres/retry-contention.ts";
import { runStatements } from "../postgres/run-statements.ts";
import { withClient } from "../postgres/with-client.ts";
import { withTransaction } from "../postgres/with-transaction.ts";
import { atOnce } from "./at-once.ts";
import type { FleetContext } from "./context.ts";
import { examineFleet } from "./examine-fleet.ts";
import type { Diagnosis } from "./examine-fleet.ts";
import { audit } from "./registry.ts";
import { repairTenant } from "./repair-tenant.ts";
import { step } from "./tenant-migrations.ts";
import { tenantLock } from "./tenant-session.ts";

/** How many tenants are repaired at once. */
const WORKERS = 4;

/** What became of the findings. */
export interface RepairedFleet {
  /** What is there no longer. */
  readonly repaired: readonly Finding[];
  /** Why a repair failed; what it should have repaired is among the findings that are left. */
  readonly failures: readonly string[];
  /** What a second look found. */
  readonly diagnosis: Diagnosis;
}

/**
 * Repairs what can be repaired without losing anything, each part in a transaction of its own, and looks again. A part
 * that fails does not stop the others.
 *
 * @throws what `examineFleet` throws
 */
export async function repairFleet(
  ctx: FleetContext,
  findings: readonly Finding[],
  settings: RoleSettings = {},
): Promise<RepairedFleet> {
  const repairs = findings.flatMap(({ repair }) => repair ?? []);
  const failures: string[] = [];
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      ctx.signal?.throwIfAborted();
      failures.push(messageOf(error));
    }
  };
  const statements = repairs.filter((repair) => repair.by === "statements");
  // Owners first: without what it owns the owner role cannot give rights.
  for (const repair of statements.toSorted(
    (a, b) => Number(b.administrator) - Number(a.administrator),
  ))
    await attempt(() => runRepair(ctx, repair));
  const ids = new Set(repairs.flatMap((repair) => (repair.by === "tenant" ? [repair.id] : [])));
  await atOnce([...ids], WORKERS, (id) => attempt(() => repairTenant(ctx, id)));
  for (const repair of repairs)
    if (repair.by === "index") await attempt(() => repairIndex(ctx, repair));
  const diagnosis = await examineFleet(ctx, settings);
  const left = new Set(diagnosis.findings.map(findingKey));
  return {
    repaired: findings.filter((finding) => !left.has(findingKey(finding))),
    failures: failures.sort(),
    diagnosis,
  };
}

function runRepair(
  ctx: FleetContext,
  { texts, administrator }: Extract<Repair, { by: "statements" }>,
): Promise<void> {
  return retryContention("Repairing rights", ctx.signal, () =>
    withTransaction(ctx.pool, { role: ctx.roles.owner, signal: ctx.signal }, async (client) => {
      const owner = `set local role ${quoteIdentifier(ctx.roles.owner)}`;
      const statements = administrator ? ["set local role none", ...texts, owner] : texts;
      await runStatements(client, [
        ...step("repairing rights", statements),
        audit(ctx, "platform.repaired", null, texts, null),
      ]);
    }),
  );
}

/** Outside of a transaction, as CONCURRENTLY wants it, and under the lock of the tenant whose migrations it could meet. */
function repairIndex(
  ctx: FleetContext,
  { schema, index, rebuild }: Extract<Repair, { by: "index" }>,
): Promise<void> {
  const inTenant = schema.startsWith(TENANT_SCHEMA_PREFIX);
  const id = schema.slice(TENANT_SCHEMA_PREFIX.length);
  const lock = tenantLock(id);
  return withClient(ctx.pool, async (client) => {
    await takeLock(client, lock, "session", ctx.signal);
    const name = `${quoteIdentifier(schema)}.${quoteIdentifier(index)}`;
    const repaired = [`${rebuild ? "built again" : "dropped"}: invalid index ${name}`];
    const doing = "repairing an index";
    for (const statement of [
      ...step(doing, [
        `set role ${quoteIdentifier(ctx.roles.owner)}`,
        // It waits for every transaction that is older: longer than a lock may be waited for elsewhere.
        "set lock_timeout = 0",
        rebuild
          ? `reindex index concurrently ${name}`
          : `drop index concurrently if exists ${name}`,
      ]),
      inTenant
        ? audit(ctx, "tenant.repaired", id, repaired, null)
        : audit(ctx, "platform.repaired", null, repaired, null),
      ...step(doing, ["reset lock_timeout", "reset role"]),
    ])
      await runStatements(client, [statement]);
    await releaseLock(client, lock);
  });
}
