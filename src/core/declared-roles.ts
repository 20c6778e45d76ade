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

/** Every role that should be there: the platform's, and the members that take its logins in turn. */
export function declaredRoles(
  roles: RoleNames,
  { logins = {}, without }: RoleSettings = {},
): PlatformRole[] {
  return platformRoles(roles, without).flatMap((role) => {
    const part = (Object.keys(logins) as (keyof RoleNames)[]).find(
      (key) => roles[key] === role.name,
    );
    const rotation = part && logins[part];
    if (rotation === undefined) return [role];
    return loginsOf(role.name, rotation).map(({ name, member, open }) => ({
      ...role,
      ...(member !== undefined && { name, memberOf: [role.name] }),
      login: open,
    }));
  });
}
