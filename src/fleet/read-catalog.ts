import type { ClientBase } from "pg";
import { runStatements } from "../postgres/run-statements.ts";
import type { Membership } from "../core/tenant-statements.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";

/** What a tenant's schema holds, what it should hold, and who has rights there beside its owner. */
export interface TenantCatalog {
  /** An object a line: `table payroll`, `column payroll.year integer not null`. */
  readonly objects: readonly string[];
  /** The same as it was after the last migration; null when that was never written down. */
  readonly expected: readonly string[] | null;
  /** A right a line: `select on table payroll to nostromo_user`. */
  readonly rights: readonly string[];
  readonly grantees: readonly string[];
  /** Who may take the tenant's role, and what roles that one is in. */
  readonly memberships: readonly Membership[];
  /** Relations of another owner, a line each. */
  readonly strangers: readonly string[];
}

/** @param oid of the tenant's schema */
export async function readCatalog(
  client: ClientBase,
  ctx: FleetContext,
  oid: string,
): Promise<TenantCatalog> {
  const query = fleetQuery("fleet/read-tenant", [oid, ctx.roles.owner]);
  const [result] = await runStatements(client, [query]);
  return result?.rows[0] as unknown as TenantCatalog;
}
