import { TenantryError } from "../core/errors.ts";
import type { TenantIsolation, TenantState } from "../core/tenant.ts";
import { runStatements } from "../postgres/run-statements.ts";
import { sqlstateOf } from "../postgres/sql-error.ts";
import { SQLSTATE } from "../postgres/sqlstate.ts";
import { withTransaction } from "../postgres/with-transaction.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";
import { tenantIds } from "./tenant-ids.ts";
import { withoutBooks } from "./tenant-session.ts";

/** A tenant of the list. */
export interface TenantRow {
  readonly id: string;
  readonly schema: string;
  readonly company: string;
  readonly state: TenantState;
  readonly isolation: TenantIsolation;
  /** The number of its last migration. */
  readonly version: number;
  readonly stack: string;
  readonly createdAt: Date;
  /** Why its migration failed; null when none did. */
  readonly failure: string | null;
  /** Tables with their indexes and TOAST, as `readSizes` measures them. */
  readonly sizeBytes: number;
}

/**
 * Every tenant in the database, by id; other stacks' too. It waits for nobody who holds a tenant's tables.
 *
 * @throws {TenantryError} TNT-415 when the database has no books, TNT-440 when they are of an older form
 */
export async function listTenants(ctx: FleetContext): Promise<TenantRow[]> {
  try {
    const [result] = await withTransaction(ctx.pool, { role: ctx.roles.owner }, (client) =>
      runStatements(client, [fleetQuery("fleet/tenants")]),
    );
    return (result?.rows ?? []) as unknown as TenantRow[];
  } catch (cause) {
    if (sqlstateOf(cause) !== SQLSTATE.undefinedTable) throw withoutBooks(ctx, cause);
    // Where there are books at all, it is a newer view of theirs that is missing.
    await tenantIds(ctx);
    const { database = "" } = ctx.pool.options;
    throw new TenantryError("TNT-440", { database }, { cause });
  }
}
