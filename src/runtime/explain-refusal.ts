import type pg from "pg";
import { TenantryError, messageOf } from "../core/errors.ts";
import { tenantSchema } from "../core/names.ts";
import type { ScopeTarget } from "./scope-statements.ts";
import { SQLSTATE, sqlstateOf } from "./sqlstate.ts";

/**
 * What PostgreSQL says when a tenant cannot be entered: our refusal, a role that is missing, one that is not ours, a
 * function that is not there yet.
 */
const REFUSALS: readonly (string | undefined)[] = [
  SQLSTATE.unknownSetting,
  SQLSTATE.missingRole,
  SQLSTATE.noPrivilege,
  SQLSTATE.noFunction,
];

/** How the tenant $1 stands: all that an application may ask of the registry. */
export const TENANT_STANDING = "select * from central.tenant_standing($1)";

/** Whether the value $1 has a partition, and applications are let at the shared tables. */
export const PARTITION_STANDING =
  "select central.has_partition($1) as there, has_schema_privilege('shared', 'usage') as open";

/** What that tells. */
export interface PartitionRow {
  readonly there: boolean;
  readonly open: boolean;
}

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
  const { tenant: id, isolation } = target;
  try {
    await client.query("rollback");
    if (isolation === "partitions") {
      const { rows } = await client.query<PartitionRow>(PARTITION_STANDING, [id]);
      return rows[0]?.there === false && rows[0].open
        ? new TenantryError("TNT-852", { key: id })
        : new TenantryError("TNT-853", { database });
    }
    const { rows } = await client.query<StandingRow>(TENANT_STANDING, [id]);
    return judge(id, isolation, rows[0]);
  } catch (cause) {
    const unprepared: readonly (string | undefined)[] = [
      SQLSTATE.noFunction,
      SQLSTATE.noSchema,
      SQLSTATE.noPrivilege,
    ];
    return unprepared.includes(sqlstateOf(cause))
      ? new TenantryError(
          isolation === "partitions" ? "TNT-853" : "TNT-815",
          { database },
          { cause },
        )
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
