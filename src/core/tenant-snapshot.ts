import { TenantryError } from "./errors.ts";
import type { KnownMigration } from "./migration.ts";
import { tenantSchema } from "./names.ts";
import type { KeyTable } from "./partition.ts";
import { tenantMark } from "./tenant.ts";
import type { Manager, TenantClone, TenantSpec } from "./tenant.ts";

/** A tenant's row in the registry. */
export interface RegistryRow extends Omit<TenantSpec, "pin" | "clone" | "restore" | "retention"> {
  readonly key: string;
  readonly schemaOid: string;
  readonly pin: number | null;
  readonly version: number;
  readonly stack: string;
  /** What it was copied from, if it was. */
  readonly clone: Pick<TenantClone, "from" | "data"> | null;
  /** ISO 8601; null unless it is retired. */
  readonly retiredAt: string | null;
  readonly managedBy: Manager;
}

/** What the database says about a tenant's id before anything is done; see sql/fleet/inspect-tenant.sql. */
export interface TenantSnapshot {
  /** The database the books were written in (system identifier/oid); null when they do not say. */
  readonly knownDatabase: string | null;
  readonly thisDatabase: string;
  readonly databaseName: string;
  readonly registry: RegistryRow | null;
  readonly schema: {
    readonly oid: string;
    readonly owner: string;
    readonly comment: string | null;
  } | null;
  /** The role of the schema's name, if there is one. */
  readonly role: { readonly comment: string | null } | null;
  /** The tenant migrations that ran anywhere in this database. */
  readonly migrations: readonly KnownMigration[];
  readonly sharedTables: readonly KeyTable[];
}

/** A tenant that is there and ours. */
export type PresentTenant = Extract<Presence, { is: "present" }>;

/** `present`: ours. `lost`: in the registry, but its schema is gone. `absent`: there is nothing of that name. */
export type Presence =
  | { readonly is: "absent" }
  | { readonly is: "lost"; readonly registry: RegistryRow }
  | {
      readonly is: "present";
      readonly registry: RegistryRow;
      readonly schema: NonNullable<TenantSnapshot["schema"]>;
    };

/**
 * Decides whether a tenant is there and ours: its registry row of this stack, its schema's oid and its schema's
 * comment must agree.
 *
 * @throws {TenantryError} TNT-405 in a copied database, TNT-406 for a schema without our mark, TNT-407 for another
 *   stack's tenant.
 */
export function judgeTenant(id: string, stack: string, snapshot: TenantSnapshot): Presence {
  const { registry, schema } = snapshot;
  checkDatabase(snapshot);
  const name = tenantSchema(id);
  if (registry !== null && registry.stack !== stack)
    throw new TenantryError("TNT-407", { id, stack, owner: registry.stack });
  const refuse = (reason: string): never => {
    throw new TenantryError("TNT-406", { schema: name, reason });
  };
  const mark = tenantMark(registry?.key ?? id, stack);
  if (registry === null)
    return schema === null ? { is: "absent" } : refuse("the registry does not know it");
  if (schema === null) return { is: "lost", registry };
  if (schema.oid !== registry.schemaOid)
    return refuse("it was made anew since the registry took note of it");
  if (schema.comment !== mark) return refuse(`its comment is not ${JSON.stringify(mark)}`);
  return { is: "present", registry, schema };
}

/** @throws {TenantryError} TNT-405 when the books were written in another database. */
export function checkDatabase({
  knownDatabase,
  thisDatabase,
  databaseName,
}: Pick<TenantSnapshot, "knownDatabase" | "thisDatabase" | "databaseName">): void {
  if (knownDatabase !== null && knownDatabase !== thisDatabase)
    throw new TenantryError("TNT-405", {
      database: databaseName,
      known: knownDatabase,
      found: thisDatabase,
    });
}
