import type { z } from "zod";
import { DEFAULT_ROLES } from "../core/roles.ts";
import type { RoleNames } from "../core/roles.ts";
import { roleSettings } from "./definition.ts";
import { LOGIN_ROLES } from "./settings.ts";
import type { LoginRole, LoginSettings, Settings } from "./settings.ts";

type WrittenRoles = z.output<typeof roleSettings>;

const ROLES = Object.keys(roleSettings.shape) as (keyof RoleNames)[];

/** The roles from config/roles.yaml and the stack, the later layer winning. */
export function rolesOf(...layers: readonly WrittenRoles[]): Pick<Settings, "roles" | "logins"> {
  const written = (role: keyof RoleNames): Partial<LoginSettings & { name: string }> => {
    const options = layers.map((layer) => layer[role] ?? {});
    return Object.assign(
      {},
      ...options.map((option) => (typeof option === "string" ? { name: option } : option)),
    ) as Partial<LoginSettings & { name: string }>;
  };
  const names = ROLES.flatMap((role) => {
    const { name } = written(role);
    return name === undefined ? [] : [[role, name]];
  });
  const logins = LOGIN_ROLES.map((role) => {
    const { connectionLimit = -1, generation = 1, overlap = false, confirmed } = written(role);
    const login = { connectionLimit, generation, overlap };
    return [role, confirmed === undefined ? login : { ...login, confirmed }];
  });
  return {
    roles: { ...DEFAULT_ROLES, ...(Object.fromEntries(names) as Partial<RoleNames>) },
    logins: Object.fromEntries(logins) as Record<LoginRole, LoginSettings>,
  };
}
