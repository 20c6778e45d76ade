import { compareLines, compareObjects, differenceLines } from "./differences.ts";
import type { Differences } from "./differences.ts";
import { tenantAccess, tenantGroup } from "./roles.ts";
import type { RoleNames } from "./roles.ts";
import { mayBeUsed, rightsHolder, TENANT_RIGHTS } from "./tenant-rights.ts";
import { tenantRole } from "./tenant.ts";
import type { TenantSpec } from "./tenant.ts";

/** How a tenant's schema differs from what was declared; a difference a line. */
export interface TenantDrift {
  /** Rights and owners: put right by the next update of the tenant. */
  readonly rights: readonly string[];
  /** Tables, columns, indexes and so on: someone changed them, and only someone can change them back. */
  readonly objects: readonly string[];
}

/** A relation of another owner than the schema's. */
export interface Stranger {
  /** `table`, `sequence`, `view`, as ALTER calls it. */
  readonly kind: string;
  readonly name: string;
  readonly owner: string;
}

/** Who may do what in a tenant's schema; see `readRights`. */
interface Rights {
  /** A right a line: `select on table payroll to nostromo_user`. */
  readonly rights: readonly string[];
  /** The schema's tables, views and sequences: `table payroll`. */
  readonly relations: readonly string[];
  readonly strangers: readonly Stranger[];
}

/** What a tenant's schema holds, and what it should hold; see `readCatalog`. */
interface Objects {
  readonly objects: readonly string[];
  /** Null when that was never written down. */
  readonly expected: readonly string[] | null;
}

/** Compares a tenant's schema with its declaration. */
export function tenantDrift(
  spec: TenantSpec,
  roles: RoleNames,
  schemaOwner: string,
  catalog: Rights & Objects,
): TenantDrift {
  return {
    rights: [
      ...wrongOwners(roles, schemaOwner, catalog.strangers),
      ...differenceLines("right", rightsDrift(spec, roles, catalog)),
    ],
    objects: differenceLines("object", objectsDrift(catalog)),
  };
}

/** What belongs to another role than the owner. */
export function wrongOwners(
  roles: RoleNames,
  schemaOwner: string,
  strangers: readonly Stranger[],
): string[] {
  return [
    ...(schemaOwner === roles.owner ? [] : [`the schema belongs to ${schemaOwner}`]),
    ...strangers.map(({ kind, name, owner }) => `${kind} ${name} belongs to ${owner}`),
  ];
}

/** How the rights differ from those that a tenant's spec gives. */
export function rightsDrift(spec: TenantSpec, roles: RoleNames, catalog: Rights): Differences {
  return compareLines(expectedRights(spec, roles, catalog.relations), catalog.rights);
}

/** How the objects differ from what the migrations made. */
export function objectsDrift({ objects, expected }: Objects): Differences {
  return compareObjects(expected ?? objects, objects);
}

/** The rights that a tenant's spec gives, in the words of `sql/fleet/tenant-rights.sql`. */
function expectedRights(
  spec: TenantSpec,
  roles: RoleNames,
  relations: readonly string[],
): string[] {
  const holder = rightsHolder(spec, roles);
  const [role, group] = [tenantRole(spec.id), tenantGroup(roles)];
  const on = (place: string, rights: readonly string[]): string[] =>
    rights.map((right) => `${right.toLowerCase()} on ${place} to ${holder}`);
  return [
    ...(mayBeUsed(spec) ? on("schema", ["USAGE"]) : []),
    ...on("new tables", TENANT_RIGHTS.tables),
    ...on("new sequences", TENANT_RIGHTS.sequences),
    ...relations.flatMap((relation) =>
      on(
        relation,
        relation.startsWith("sequence ") ? TENANT_RIGHTS.sequences : TENANT_RIGHTS.tables,
      ),
    ),
    ...(spec.isolation === "strict"
      ? [
          `set on role ${role} to ${tenantAccess(roles)}`,
          `set on role ${group} to ${role}`,
          `inherit on role ${group} to ${role}`,
        ]
      : []),
  ];
}
