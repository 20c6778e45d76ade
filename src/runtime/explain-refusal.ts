import type pg from "pg";
import { TenantryError, messageOf } from "../core/errors.ts";
import { tenantSchema } from "../core/names.ts";
import type { ScopeTarget } from "./scope-statements.ts";
import { SQLSTATE, sqlstateOf } from "./sqlstate.ts";

/** What PostgreSQL says when a tenant cannot be entered: our refusal, a role that is missing, one that is not ours. */
const REFUSALS: readonly (string | undefined)[] = [
  SQLSTATE.unknownSetting,
  SQLSTATE.missingRole,
  SQLSTATE.noPrivilege,
];

/** How the tenant $1 stands: all that an application may ask of the registry. */
export const TENANT_STANDING = "select * from central.tenant_standing($1)";

/** A row of central.tenant_standing. */
export interface StandingRow {
  readonly state: "active" | "suspended" | "retired";
  readonly isolation: string;
  readonly key: string;
  readonly renamed_to: string | null;
}

/**
 * What to tell of a target that could not be entered: one question to the registry, asked only then, on the connection
 * that was refused. Any other error is returned as it is.
 */
export async function explainRefusal(
  client: pg.ClientBase,
  database: string,
  target: ScopeTarget,
  error: unknown,
): Promise<Error> {
  if (!REFUSALS.includes(sqlstateOf(error))) return asError(error);
  if (target.tenant === null) return new TenantryError("TNT-815", { database }, { cause: error });
  const id = target.tenant;
  try {
    await client.query("rollback");
    const { rows } = await client.query<StandingRow>(TENANT_STANDING, [id]);
    return judge(id, target.isolation, rows[0]);
  } catch (cause) {
    const unprepared: readonly (string | undefined)[] = [
      SQLSTATE.noFunction,
      SQLSTATE.noSchema,
      SQLSTATE.noPrivilege,
    ];
    return unprepared.includes(sqlstateOf(cause))
      ? new TenantryError("TNT-815", { database }, { cause })
      : asError(cause);
  }
}

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new Error(messageOf(error), { cause: error });

function judge(id: string, pool: string, standing: StandingRow | undefined): TenantryError {
  if (standing === undefined) return new TenantryError("TNT-803", { id, schema: tenantSchema(id) });
  if (standing.renamed_to !== null)
    return new TenantryError("TNT-806", { id, newId: standing.renamed_to });
  if (standing.state === "suspended") return new TenantryError("TNT-804", { id });
  if (standing.state === "retired") return new TenantryError("TNT-805", { id });
  return standing.isolation === pool
    ? new TenantryError("TNT-817", { id })
    : new TenantryError("TNT-807", { id, declared: standing.isolation, pool });
}
