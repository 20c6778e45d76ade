import type { TenantIsolation, TenantState } from "../core/tenant.ts";
import { runStatements } from "../postgres/run-statements.ts";
import { withTransaction } from "../postgres/with-transaction.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";
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
  /** Tables with their indexes and TOAST. */
  readonly sizeBytes: number;
}

/**
 * Every tenant in the database, by id; other stacks' too.
 *
 * @throws {TenantryError} TNT-415 when the database has no books.
 */
export async function listTenants(ctx: FleetContext): Promise<TenantRow[]> {
  try {
    const [result] = await withTransaction(ctx.pool, { role: ctx.roles.owner }, (client) =>
      runStatements(client, [fleetQuery("fleet/tenants")]),
    );
    return (result?.rows ?? []) as unknown as TenantRow[];
  } catch (cause) {
    throw withoutBooks(ctx, cause);
  }
}
