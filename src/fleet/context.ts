import type { Pool } from "pg";
import type { RoleNames } from "../core/roles.ts";
import type { Manager } from "../core/tenant.ts";
import type { ArchiveStore } from "./archive/store/archive-store.ts";

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

/** What every use case of the fleet needs to know about the database. */
export interface FleetContext extends DatabaseContext {
  readonly roles: RoleNames;
  /** The directory with `books/`, `central/`, `parametros/`, `shared/` and `tenant/`. */
  readonly sqlDirectory: string;
  /** Where the tenants' archives are. */
  readonly archives: ArchiveStore;
  /** Whether tenants may be removed whatever their state and contents. */
  readonly disposable: boolean;
  /** Days for which a tenant stays retired before it may be removed. Default: none. */
  readonly retention?: number | undefined;
  /** What declares the tenants that are saved or removed. Default: whatever the registry says. */
  readonly manager?: Manager | undefined;
}
