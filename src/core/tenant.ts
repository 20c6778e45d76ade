import type { MaskingRules } from "./masking.ts";
import { tenantSchema } from "./names.ts";

/** `active` <-> `suspended` (rights revoked, data kept); either -> `retired`, the only state that may be removed. */
export type TenantState = "active" | "suspended" | "retired";

/**
 * `shared`: the application's role holds the rights on the schema and search_path routes to it. `strict`: only the
 * tenant's own role holds them, and the application takes it for one transaction.
 */
export type TenantIsolation = "shared" | "strict";

/**
 * What of the rows a clone begins with: `none`, all of them (`full`), or all with the values that masking rules replace
 * (`masked`).
 */
export type CloneData = "none" | "masked" | "full";

/** The tenant that a new one is a copy of; an alias, so that it passes as a resource's property. */
export type TenantClone = Readonly<{
  from: string;
  data: CloneData;
  /** For masked data, and only for them. */
  masking?: MaskingRules;
}>;

/** What is declared about a tenant. */
export interface TenantSpec {
  readonly id: string;
  readonly company: string;
  readonly state: TenantState;
  readonly isolation: TenantIsolation;
  /** The migration the tenant stays at. Default: the newest. */
  readonly pin?: number;
  /** An archive that it begins with; without a meaning once the tenant is there. */
  readonly restore?: string;
  /** A tenant that it begins as a copy of; without a meaning once the tenant is there. */
  readonly clone?: TenantClone;
  /** Days for which it stays retired before it may be removed. Default: the stack's. */
  readonly retention?: number;
}

/** What declares a tenant, in the registry's words: a resource of its own (`stack`), or a shard of tenants. */
export type Manager = "stack" | "shard";

/** A tenant as a stack lists it. */
export interface DeclaredTenant extends TenantSpec {
  /** The id it had before; without a meaning once it has the new one. */
  readonly renamedFrom?: string;
}

/** Where a tenant lives, and how far it is. */
export interface TenantPlace {
  readonly schema: string;
  /** The value of the partition key: the id at creation, for ever. */
  readonly key: string;
  /** The number of the last migration that ran. */
  readonly version: number;
}

/** The role of a tenant in strict isolation: named as its schema. */
export const tenantRole = tenantSchema;

/** The comment on a tenant's schema (and role): with the registry it says that the object is ours. */
export function tenantMark(key: string, stack: string): string {
  return `tenantry: tenant ${key} of stack ${stack}`;
}
