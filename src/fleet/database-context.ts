import type { Pool } from "pg";
import type { RoleNames } from "../core/roles.ts";

/** Where the database is, and whose tenants are meant. */
export interface DatabaseContext {
  /** Connections of a login that may take the owner role; see `createPool`. */
  readonly pool: Pool;
  /** Whose tenants these are, as in the registry: `<project>/<stack>`. */
  readonly stack: string;
  readonly roles: Pick<RoleNames, "owner">;
  /** The column by which the tables of schema shared are partitioned. */
  readonly partitionKey: string;
  /** Written to the audit log with each change. */
  readonly runId?: string;
  /** Ends the work between two tenants, and before a transaction is committed. */
  readonly signal?: AbortSignal;
}
