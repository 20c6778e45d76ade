import type { RoleNames } from "../core/roles.ts";
import type { Manager } from "../core/tenant.ts";
import type { ArchiveStore } from "./archive/store/archive-store.ts";
import type { DatabaseContext } from "./database-context.ts";

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
