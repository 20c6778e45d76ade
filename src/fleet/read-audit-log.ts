import { runStatements } from "../postgres/run-statements.ts";
import { withTransaction } from "../postgres/with-transaction.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";
import { withoutBooks } from "./tenant-session.ts";

/** A line of the audit log. */
export interface AuditEntry {
  readonly id: number;
  readonly createdAt: Date;
  /** The role that logged in. */
  readonly actor: string;
  readonly action: string;
  readonly tenant: string | null;
  readonly before: unknown;
  readonly after: unknown;
  /** What was done in one run has one. */
  readonly run: string | null;
}

export interface AuditFilter {
  readonly tenant?: string | undefined;
  readonly since?: Date | undefined;
  readonly action?: string | undefined;
  readonly limit: number;
}

/**
 * The audit log, the newest first.
 *
 * @throws {TenantryError} TNT-415 when the database has no books
 */
export async function readAuditLog(
  ctx: FleetContext,
  { tenant, since, action, limit }: AuditFilter,
): Promise<AuditEntry[]> {
  const values = [tenant ?? null, since ?? null, action ?? null, limit];
  try {
    const [found] = await withTransaction(ctx.pool, { role: ctx.roles.owner }, (client) =>
      runStatements(client, [fleetQuery("fleet/audit-log", values)]),
    );
    return (found?.rows ?? []) as unknown as AuditEntry[];
  } catch (cause) {
    throw withoutBooks(ctx, cause);
  }
}
