import { TenantryError } from "./errors.ts";
import { quoteIdentifier, quoteLiteral } from "./identifier.ts";
import { tenantSchema } from "./names.ts";
import { tenantAccess, tenantGroup } from "./roles.ts";
import type { RoleNames } from "./roles.ts";
import {
  grantExisting,
  grantFuture,
  mayBeUsed,
  revokeEverything,
  rightsHolder,
  setUsage,
} from "./tenant-rights.ts";
import type { Stranger } from "./tenant-drift.ts";
import type { TenantSnapshot } from "./tenant-snapshot.ts";
import { tenantMark, tenantRole } from "./tenant.ts";
import type { TenantSpec } from "./tenant.ts";

/** Whose tenant it is. */
export interface TenantOwner {
  readonly key: string;
  readonly stack: string;
  readonly roles: RoleNames;
}

/** Statements that need more than the owner role's rights: run as the role that logged in. */
export function asAdministrator(statements: readonly string[], { roles }: TenantOwner): string[] {
  return statements.length === 0
    ? []
    : ["set local role none", ...statements, `set local role ${quoteIdentifier(roles.owner)}`];
}

/**
 * Makes a tenant's schema with its rights, and its role when it is strict. The rights come before the tables, which
 * then need none of their own.
 *
 * @throws {TenantryError} TNT-414 for a role of its name without our mark.
 */
export function createSchema(
  spec: TenantSpec,
  owner: TenantOwner,
  role: TenantSnapshot["role"],
): string[] {
  const schema = tenantSchema(spec.id);
  const rights = { schema, holder: rightsHolder(spec, owner.roles), owner: owner.roles.owner };
  return [
    ...ensureRole(spec, owner, role),
    `create schema ${quoteIdentifier(schema)}`,
    `comment on schema ${quoteIdentifier(schema)} is ${quoteLiteral(tenantMark(owner.key, owner.stack))}`,
    ...grantFuture(rights),
    ...(mayBeUsed(spec) ? [setUsage(rights, true)] : []),
  ];
}

/** A role that another one is a member of. */
export interface Membership {
  readonly role: string;
  readonly member: string;
}

/**
 * Brings owners and rights of a tenant's schema to what its spec says, whatever they are now.
 *
 * @param current who owns the schema and what is in it, who has rights there beside the owner, and the memberships of
 *   its role
 * @throws {TenantryError} TNT-414 for a role of its name without our mark.
 */
export function convergeRights(
  spec: TenantSpec,
  owner: TenantOwner,
  current: {
    readonly role: TenantSnapshot["role"];
    readonly schemaOwner: string;
    readonly grantees: readonly string[];
    readonly memberships: readonly Membership[];
    readonly strangers: readonly Stranger[];
  },
): string[] {
  const schema = tenantSchema(spec.id);
  const rights = { schema, holder: rightsHolder(spec, owner.roles), owner: owner.roles.owner };
  const isOurs = current.role?.comment === tenantMark(owner.key, owner.stack);
  return [
    ...asAdministrator(
      [
        ...(current.schemaOwner === rights.owner
          ? []
          : [`alter schema ${quoteIdentifier(schema)} owner to ${quoteIdentifier(rights.owner)}`]),
        ...ownEverything(rights, current.strangers),
        ...(isOurs ? current.memberships.map(endMembership) : []),
      ],
      owner,
    ),
    ...ensureRole(spec, owner, current.role),
    // Also from the holder, which may have been given more than it should have.
    ...current.grantees.flatMap((holder) => revokeEverything({ ...rights, holder })),
    ...grantFuture(rights),
    ...grantExisting(rights),
    setUsage(rights, mayBeUsed(spec)),
    ...(spec.isolation === "shared" && isOurs ? dropRole(spec.id, owner) : []),
  ];
}

/** A column's sequence goes with its table and cannot go before it. */
const ownEverything = (
  { schema, owner }: { readonly schema: string; readonly owner: string },
  strangers: readonly Stranger[],
): string[] =>
  strangers
    .toSorted((a, b) => Number(a.kind === "sequence") - Number(b.kind === "sequence"))
    .map(
      ({ name }) =>
        `alter table ${quoteIdentifier(schema)}.${quoteIdentifier(name)} owner to ${quoteIdentifier(owner)}`,
    );

const endMembership = ({ role, member }: Membership): string =>
  `revoke ${quoteIdentifier(role)} from ${quoteIdentifier(member)}`;

/** Drops the role of a tenant that is no longer strict, or no longer there. */
export function dropRole(id: string, owner: TenantOwner): string[] {
  return asAdministrator([`drop role ${quoteIdentifier(tenantRole(id))}`], owner);
}

/** The role of a strict tenant: the application may take it, but has nothing of it without doing so. */
function ensureRole(spec: TenantSpec, owner: TenantOwner, role: TenantSnapshot["role"]): string[] {
  if (spec.isolation !== "strict") return [];
  const mark = tenantMark(owner.key, owner.stack);
  const name = tenantRole(spec.id);
  if (role !== null && role.comment !== mark) throw new TenantryError("TNT-414", { role: name });
  const quoted = quoteIdentifier(name);
  return asAdministrator(
    [
      ...(role === null
        ? [`create role ${quoted} nologin`, `comment on role ${quoted} is ${quoteLiteral(mark)}`]
        : []),
      `grant ${quoteIdentifier(tenantGroup(owner.roles))} to ${quoted}`,
      `grant ${quoted} to ${quoteIdentifier(tenantAccess(owner.roles))} with inherit false, set true`,
    ],
    owner,
  );
}
