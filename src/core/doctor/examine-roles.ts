import { TENANT_SCHEMA_PREFIX } from "../names.ts";
import type { PlatformRole } from "../roles.ts";
import type { Finding } from "./finding.ts";
import type { FindingCode } from "./finding-table.ts";

/** A role of the cluster; see sql/doctor/roles.sql. */
export interface RoleRow {
  readonly name: string;
  readonly login: boolean;
  readonly superuser: boolean;
  readonly createDatabase: boolean;
  readonly createRole: boolean;
  readonly bypassRowLevelSecurity: boolean;
  readonly replication: boolean;
  readonly memberOf: readonly string[];
  readonly members: readonly string[];
  /** `search_path=public in database nostromo`. */
  readonly settings: readonly string[];
}

const ATTRIBUTES = [
  ...["login", "superuser", "createDatabase", "createRole"],
  ...["bypassRowLevelSecurity", "replication"],
] as readonly (keyof RoleRow)[];

/**
 * What roles are and may do beside what is declared. The memberships of tenants' roles are a tenant's own rights: see
 * `rightsDrift`.
 *
 * @param tenantRoles the names of the roles that strict tenants have
 */
export function examineRoles(
  rows: readonly RoleRow[],
  declared: readonly PlatformRole[],
  tenantRoles: readonly string[],
): Finding[] {
  const byName = new Map(rows.map((row) => [row.name, row]));
  const names = declared.map(({ name }) => name);
  return [
    ...declared.flatMap((role) => {
      const row = byName.get(role.name);
      if (row === undefined)
        return [{ code: "DOC-70" as const, subject: `role ${role.name}`, found: "" }];
      return [...examineRole(row, role), ...examineMemberships(row, role, names)];
    }),
    ...tenantRoles.flatMap((name) => {
      const row = byName.get(name);
      return row === undefined ? [] : examineRole(row, {});
    }),
  ];
}

function examineRole(row: RoleRow, declared: Partial<PlatformRole>): Finding[] {
  const wanted: Partial<Record<keyof RoleRow, unknown>> = declared;
  const found = (code: FindingCode, text: string): Finding => ({
    ...{ code, subject: `role ${row.name}`, found: text },
  });
  const yes = (value: unknown): string => (value === true ? "yes" : "no");
  return [
    ...ATTRIBUTES.filter((name) => row[name] !== (wanted[name] ?? false)).map((name) =>
      found("DOC-71", `${name} ${yes(row[name])}, should be ${yes(wanted[name])}`),
    ),
    ...row.settings.map((setting) => found("DOC-73", setting)),
  ];
}

/** @param names the platform's roles, each of which tells what it is a member of */
function examineMemberships(
  row: RoleRow,
  { memberOf = [] }: PlatformRole,
  names: readonly string[],
): Finding[] {
  const isPlatform = (name: string): boolean => !name.startsWith(TENANT_SCHEMA_PREFIX);
  const found = (text: string): Finding => ({
    ...{ code: "DOC-72", subject: `role ${row.name}`, found: text },
  });
  return [
    ...row.memberOf
      .filter((name) => isPlatform(name) && !memberOf.includes(name))
      .map((name) => found(`it is a member of ${name}`)),
    ...memberOf
      .filter((name) => !row.memberOf.includes(name))
      .map((name) => found(`it is no member of ${name}`)),
    ...row.members
      .filter((name) => isPlatform(name) && !names.includes(name))
      .map((name) => found(`${name} is a member of it`)),
  ];
}
