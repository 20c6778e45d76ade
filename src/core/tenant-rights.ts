import { quoteIdentifier } from "./identifier.ts";
import type { RoleNames } from "./roles.ts";
import { tenantRole } from "./tenant.ts";
import type { TenantSpec } from "./tenant.ts";

/** What the holder of a tenant's rights may do with its tables and sequences, now and later. */
export const TENANT_RIGHTS = {
  tables: ["SELECT", "INSERT", "UPDATE", "DELETE"],
  sequences: ["USAGE", "SELECT"],
} as const;

/** The one role that holds rights on a tenant's schema, beside its owner. */
export function rightsHolder(
  { id, isolation }: Pick<TenantSpec, "id" | "isolation">,
  roles: Pick<RoleNames, "user">,
): string {
  return isolation === "strict" ? tenantRole(id) : roles.user;
}

/** Whether the holder may enter the schema: without USAGE nothing in it can be read, whatever was granted there. */
export function mayBeUsed({ state }: Pick<TenantSpec, "state">): boolean {
  return state === "active";
}

/** Whose rights, on which schema; all names unquoted. */
interface Rights {
  readonly schema: string;
  readonly holder: string;
  readonly owner: string;
}

/** Rights on whatever the owner will create in the schema. Given before its tables, they are all that a new one needs. */
export function grantFuture({ schema, holder, owner }: Rights): string[] {
  return Object.entries(TENANT_RIGHTS).map(
    ([objects, rights]) =>
      `alter default privileges for role ${quoteIdentifier(owner)} in schema ${quoteIdentifier(schema)} ` +
      `grant ${rights.join(", ").toLowerCase()} on ${objects} to ${quoteIdentifier(holder)}`,
  );
}

/** Rights on what the schema holds already. */
export function grantExisting({ schema, holder }: Rights): string[] {
  return Object.entries(TENANT_RIGHTS).map(
    ([objects, rights]) =>
      `grant ${rights.join(", ").toLowerCase()} on all ${objects} in schema ${quoteIdentifier(schema)} to ${quoteIdentifier(holder)}`,
  );
}

/** Lets the holder into the schema, or keeps it out. */
export function setUsage({ schema, holder }: Rights, allowed: boolean): string {
  const on = `usage on schema ${quoteIdentifier(schema)}`;
  return allowed
    ? `grant ${on} to ${quoteIdentifier(holder)}`
    : `revoke ${on} from ${quoteIdentifier(holder)}`;
}

/** Takes every right on a schema from a role; `public` stands for everyone. */
export function revokeEverything({ schema, holder, owner }: Rights): string[] {
  const inSchema = `in schema ${quoteIdentifier(schema)}`;
  const from = `from ${holder === "public" ? "public" : quoteIdentifier(holder)}`;
  return [
    `revoke all on schema ${quoteIdentifier(schema)} ${from}`,
    ...Object.keys(TENANT_RIGHTS).map(
      (objects) => `revoke all on all ${objects} ${inSchema} ${from}`,
    ),
    ...[...Object.keys(TENANT_RIGHTS), "functions", "types"].map(
      (objects) =>
        `alter default privileges for role ${quoteIdentifier(owner)} ${inSchema} revoke all on ${objects} ${from}`,
    ),
  ];
}
