import type { LoginChange } from "../core/login-changes.ts";
import type { SqlStatement } from "../core/sql-statement.ts";
import type { TenantSpec } from "../core/tenant.ts";
import type { FleetContext } from "./context.ts";
import type { DatabaseContext } from "./database-context.ts";
import { fleetQuery } from "./fleet-query.ts";

/** Writes a tenant as declared into the registry; its schema must be there. */
export function saveTenant(
  ctx: FleetContext,
  { id, company, state, isolation, pin }: TenantSpec,
  key: string,
  version: number,
): SqlStatement[] {
  const { stack, manager = null } = ctx;
  const values = [id, key, company, state, isolation, pin ?? null, version, stack, manager];
  return [fleetQuery("fleet/save-tenant", values)];
}

/** What is written to the audit log. */
export type AuditAction =
  | "tenant.created"
  | "tenant.recreated"
  | "tenant.updated"
  | "tenant.repaired"
  | "tenant.migrated"
  | "tenant.archived"
  | "tenant.archive_proven"
  | "tenant.restored"
  | "tenant.cloned"
  | "tenant.renamed"
  | "tenant.removed"
  | "tenant.vacuumed"
  | "tenant.reindexed"
  | "tenant.analyzed"
  | "partition.created"
  | "partition.destroyed"
  | "fleet.migrated"
  | "database.adopted"
  | "platform.migrated"
  | "platform.repaired"
  | "indicadores.loaded"
  | LoginChange["action"]
  | "maintenance.begun"
  | "maintenance.ended"
  | "sessions.ended";

/** Adds a line to the audit log. `before` and `after` are kept as JSON. */
export function audit(
  ctx: Pick<DatabaseContext, "runId">,
  action: AuditAction,
  id: string | null,
  before: unknown,
  after: unknown,
): SqlStatement {
  const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
  return fleetQuery("fleet/audit", [action, id, json(before), json(after), ctx.runId ?? null]);
}
