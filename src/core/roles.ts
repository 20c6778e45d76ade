/** The names of the cluster's roles. Settings may change each; see `DEFAULT_ROLES`. */
export interface RoleNames {
  /** Owns every schema and runs every migration; cannot log in. */
  readonly owner: string;
  /** The application: its login, and the group that holds the rights on tenants in `shared` isolation. */
  readonly user: string;
  /** The login with least privilege on schema central. */
  readonly app: string;
  /** The login for reports: reads central and parametros. */
  readonly readonly: string;
  /** The login for monitoring. */
  readonly monitor: string;
  /** The login for backups: reads everything. */
  readonly backup: string;
  /** The login of a replica, where there is one. */
  readonly replicator?: string;
}

export const DEFAULT_ROLES: RoleNames = {
  owner: "nostromo_owner",
  user: "nostromo_user",
  app: "nostromo_app",
  readonly: "nostromo_readonly",
  monitor: "nostromo_monitor",
  backup: "nostromo_backup",
};

/**
 * The group of every strict tenant's role: it may read parametros. Apart from `user`, since a member would inherit
 * that role's rights on the tenants in `shared` isolation.
 */
export function tenantGroup(roles: Pick<RoleNames, "user">): string {
  return `${roles.user}_tenants`;
}

/**
 * The role that may take the role of every strict tenant; the application is a member of it. Apart from `user`: a plugin
 * that changes a role, its password for example, takes away every membership that is not declared with that role.
 */
export function tenantAccess(roles: Pick<RoleNames, "user">): string {
  return `${roles.user}_strict`;
}

/** A role as the platform declares it. Every name but `login` roles' is NOLOGIN. */
export interface PlatformRole {
  readonly name: string;
  readonly login: boolean;
  /** Roles it is a member of; undefined where that is not for the platform to say. */
  readonly memberOf: readonly string[] | undefined;
  readonly bypassRowLevelSecurity: boolean;
  readonly replication: boolean;
}

/**
 * Every role the platform declares, in the order of creation.
 *
 * @param without what no role gets, since the administrator of an existing server may not give it
 */
export function platformRoles(
  roles: RoleNames,
  without: readonly string[] = [],
): readonly PlatformRole[] {
  const unless = (group: string): string[] => (without.includes(group) ? [] : [group]);
  const role = (name: string, login: boolean, rest: Partial<PlatformRole> = {}): PlatformRole => ({
    name,
    login,
    memberOf: [],
    bypassRowLevelSecurity: false,
    replication: false,
    ...rest,
  });
  return [
    role(roles.owner, false),
    role(tenantGroup(roles), false),
    role(tenantAccess(roles), false, { memberOf: undefined }),
    role(roles.user, true, { memberOf: [tenantAccess(roles)] }),
    role(roles.app, true),
    role(roles.readonly, true),
    role(roles.monitor, true, { memberOf: unless("pg_monitor") }),
    // pg_dump refuses tables with row level security unless its role bypasses it.
    role(roles.backup, true, {
      memberOf: unless("pg_read_all_data"),
      bypassRowLevelSecurity: !without.includes("bypassrls"),
    }),
    ...(roles.replicator === undefined
      ? []
      : [role(roles.replicator, true, { replication: true })]),
  ];
}
