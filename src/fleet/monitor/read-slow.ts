import { TenantryError } from "../../core/errors.ts";
import { groupStatements } from "../../core/monitor/group-statements.ts";
import type { StatementGroup, StatementRow } from "../../core/monitor/group-statements.ts";
import { sqlstateOf } from "../../postgres/sql-error.ts";
import { SQLSTATE } from "../../postgres/sqlstate.ts";
import type { QueryOptions } from "./read-activity.ts";
import { readMonitor } from "./read-monitor.ts";
import type { MonitorContext } from "./read-monitor.ts";
import { tenantSchemaOf, tenantSchemas } from "./read-sizes.ts";

/** What pg_stat_statements counted. */
export interface SlowFacts {
  readonly since: Date | null;
  /** How often it forgot the rarest statements for want of room. */
  readonly forgotten: number;
  /** The slowest in sum first. */
  readonly groups: readonly StatementGroup[];
}

/**
 * The statements that took the most time, those of all tenants with one text together.
 *
 * @param options.tenant only what is known to have run for this tenant
 * @throws {TenantryError} as `readMonitor`; TNT-871 when pg_stat_statements is not there or not loaded; TNT-872 when
 *   there is no such tenant
 */
export async function readSlow(
  ctx: MonitorContext,
  { tenant, showLiterals = false }: QueryOptions & { readonly tenant?: string | undefined } = {},
): Promise<SlowFacts> {
  if (tenant !== undefined) await tenantSchemaOf(ctx, tenant);
  const schemas = await tenantSchemas(ctx);
  const [rows, [info]] = await readStatements(ctx);
  const groups = groupStatements(rows, { schemas, showLiterals, tenant });
  return { since: info?.since ?? null, forgotten: info?.forgotten ?? 0, groups };
}

async function readStatements(ctx: MonitorContext) {
  try {
    return await readMonitor<[StatementRow, Pick<SlowFacts, "since" | "forgotten">]>(ctx, [
      "statements",
      "statements-info",
    ]);
  } catch (cause) {
    const { database = "" } = ctx.pool.options;
    switch (sqlstateOf(cause)) {
      case SQLSTATE.undefinedTable:
      case SQLSTATE.invalidSchemaName:
        throw new TenantryError("TNT-871", { database, reason: "missing" }, { cause });
      case SQLSTATE.objectNotInPrerequisiteState:
        throw new TenantryError("TNT-871", { database, reason: "not loaded" }, { cause });
      default:
        throw cause;
    }
  }
}
