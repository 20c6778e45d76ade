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

/** What the catalog says; see `readCatalog`. */
interface Catalog {
  readonly objects: readonly string[];
  readonly expected: readonly string[] | null;
  readonly rights: readonly string[];
  readonly strangers: readonly string[];
}

/** Compares a tenant's schema with its declaration. */
export function tenantDrift(
  spec: TenantSpec,
  roles: RoleNames,
  schemaOwner: string,
  catalog: Catalog,
): TenantDrift {
  return {
    rights: [
      ...(schemaOwner === roles.owner ? [] : [`the schema belongs to ${schemaOwner}`]),
      ...catalog.strangers,
      ...differences("right", expectedRights(spec, roles, catalog.objects), catalog.rights),
    ],
    objects: differences("object", catalog.expected ?? catalog.objects, catalog.objects),
  };
}

/** The rights that a tenant's spec gives, in the words of `sql/fleet/read-tenant.sql`. */
function expectedRights(spec: TenantSpec, roles: RoleNames, objects: readonly string[]): string[] {
  const holder = rightsHolder(spec, roles);
  const [role, group] = [tenantRole(spec.id), tenantGroup(roles)];
  const on = (place: string, rights: readonly string[]): string[] =>
    rights.map((right) => `${right.toLowerCase()} on ${place} to ${holder}`);
  return [
    ...(mayBeUsed(spec) ? on("schema", ["USAGE"]) : []),
    ...on("new tables", TENANT_RIGHTS.tables),
    ...on("new sequences", TENANT_RIGHTS.sequences),
    ...objects.flatMap((object) => {
      if (object.startsWith("sequence ")) return on(object, TENANT_RIGHTS.sequences);
      return /^(?:foreign table|materialized view|table|view) /.test(object)
        ? on(object, TENANT_RIGHTS.tables)
        : [];
    }),
    ...(spec.isolation === "strict"
      ? [
          `set on role ${role} to ${tenantAccess(roles)}`,
          `set on role ${group} to ${role}`,
          `inherit on role ${group} to ${role}`,
        ]
      : []),
  ];
}

function differences(
  word: string,
  expected: readonly string[],
  actual: readonly string[],
): string[] {
  const [wanted, found] = [new Set(expected), new Set(actual)];
  return [
    ...expected.filter((line) => !found.has(line)).map((line) => `missing ${word}: ${line}`),
    ...actual.filter((line) => !wanted.has(line)).map((line) => `undeclared ${word}: ${line}`),
  ];
}
