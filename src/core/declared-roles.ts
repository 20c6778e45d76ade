import type { PartitionPlacement } from "./partition.ts";
import { platformRoles } from "./roles.ts";
import type { PlatformRole, RoleNames } from "./roles.ts";
import { loginsOf } from "./rotation.ts";
import type { Rotation } from "./rotation.ts";

/** What the settings say about the roles, beside their names. */
export interface RoleSettings {
  /** How the password of each login role is changed, by the key of its name. */
  readonly logins?: Readonly<Partial<Record<keyof RoleNames, Rotation>>>;
  /** What no role gets on an existing server; see `platformRoles`. */
  readonly without?: readonly string[] | undefined;
  /** Without tenant schemas the application has rights on schema shared. */
  readonly partitions?: PartitionPlacement;
}

/** A role that should be there. */
export interface DeclaredRole extends PlatformRole {
  /** Whose login it is, where it is one: the key of that role's name. */
  readonly part?: keyof RoleNames;
  /** Whether it is a member that takes the login of its role in turn. */
  readonly isMember?: boolean;
}

/** Every role that should be there: the platform's, and the members that take its logins in turn. */
export function declaredRoles(
  roles: RoleNames,
  { logins = {}, without }: RoleSettings = {},
): DeclaredRole[] {
  return platformRoles(roles, without).flatMap((role) => {
    const part = (Object.keys(logins) as (keyof RoleNames)[]).find(
      (key) => roles[key] === role.name,
    );
    const rotation = part && logins[part];
    if (rotation === undefined) return [role];
    return loginsOf(role.name, rotation).map(({ name, member, open }) => ({
      ...role,
      // It has the role's rights by inheritance. What is not inherited is declared for each.
      ...(member !== undefined && { name, memberOf: [role.name], isMember: true }),
      login: open,
      part,
    }));
  });
}
