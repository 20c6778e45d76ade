import type { z } from "zod";
import type { MigrationPolicy } from "../core/fleet-plan.ts";
import { renderMemorySize } from "../core/memory-size.ts";
import { loginsOf } from "../core/rotation.ts";
import type { MaskingRules } from "../core/masking.ts";
import type { DeclaredTenant } from "../core/tenant.ts";
import { LEAST_WORK_MEMORY, workMemory } from "../core/tuning.ts";
import { cloneProblems } from "./clone-problems.ts";
import { roleSettings, settingsDefinition } from "./definition.ts";
import { freeze } from "./freeze.ts";
import { idleCanaries } from "./idle-canaries.ts";
import { maskingDefinition } from "./masking-definition.ts";
import { nameClashes } from "./name-clashes.ts";
import { parameterProblem } from "./owned-parameters.ts";
import type { Problem } from "./problem.ts";
import { refuseProblems } from "./problem.ts";
import { readArchives } from "./read-archives.ts";
import { hostOf, LOOPBACK, readDocker } from "./read-docker.ts";
import { OUR_LOGIN, readExisting } from "./read-existing.ts";
import { readParameters } from "./read-parameters.ts";
import { readPgHba } from "./read-pg-hba.ts";
import { roleProblems } from "./role-problems.ts";
import { rolesOf } from "./roles-of.ts";
import { settingPath } from "./setting-path.ts";
import type { ServerSettings, Settings } from "./settings.ts";
import { ADMINISTRATOR, LOGIN_ROLES } from "./settings.ts";
import type { SettingsSource, YamlSource } from "./settings-source.ts";
import { stackFileName } from "./settings-source.ts";
import { problemAt, soundPart } from "./sound-part.ts";
import { tenantList } from "./tenant-definition.ts";

type Written = z.output<typeof settingsDefinition>;

const GIGABYTE = 1024 ** 3;

/** Ids as they are written, the wrong ones included: a clash is worth telling although another rule is broken too. */
function writtenIds(
  list: unknown,
  { file, lineOf, prefix = "" }: YamlSource,
  base: readonly PropertyKey[],
) {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown, index) => {
    const id = (entry as { id?: unknown } | null)?.id ?? entry;
    if (typeof id !== "string") return [];
    const at = [...base, index];
    const path = prefix + settingPath(at);
    const problem = { file, line: lineOf?.(at), path };
    return [{ name: id, place: `${path} of ${file}`, problem }];
  });
}

/** Old ids that another tenant has, or gets at the same time: whose data would be whose, nobody could tell. */
function renameProblems(
  list: unknown,
  source: YamlSource,
  base: readonly PropertyKey[],
  ids: ReadonlySet<string>,
): Problem[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown, index) => {
    const value = (entry as { renamedFrom?: unknown } | null)?.renamedFrom;
    if (typeof value !== "string" || !ids.has(value)) return [];
    const rule =
      "is on the list itself: a tenant gets an id that was given up only in a later change";
    return [problemAt(source, [...base, index, "renamedFrom"], { value, rule })];
  });
}

function tenantSpecs(
  tenants: z.output<typeof tenantList>,
  isolation: Written["isolation"],
  masking: MaskingRules,
) {
  return tenants.map((tenant): DeclaredTenant => {
    if (typeof tenant === "string")
      return { id: tenant, company: tenant, state: "active", isolation };
    const { id, company = id, state, pin, restore, clone, retention, renamedFrom } = tenant;
    return {
      ...{ id, company, state, isolation: tenant.isolation ?? isolation },
      ...(pin !== undefined && { pin }),
      ...(restore !== undefined && { restore }),
      ...(clone && { clone: { ...clone, ...(clone.data === "masked" && { masking }) } }),
      ...(retention !== undefined && { retention }),
      ...(renamedFrom !== undefined && { renamedFrom }),
    };
  });
}

function policyOf({ canary, maxFailures, wave }: Written["migrations"]): MigrationPolicy {
  return { canary, wave, ...(maxFailures !== undefined && { maxFailures }) };
}

/** PostgreSQL's own spelling of what YAML made a number or a truth of. */
const parameterText = (value: string | number | boolean): string =>
  typeof value === "boolean" ? (value ? "on" : "off") : String(value);

/**
 * The settings of a stack, from what was written.
 *
 * @param raw the stack's values by their key, without `tenantry:`
 * @param source where they come from, and the files they are read with
 * @throws {TenantryError} TNT-110 with every mistake: file, key, value and rule
 */
export function parseSettings(
  raw: Readonly<Record<string, unknown>>,
  source: SettingsSource,
): Settings {
  const { file = stackFileName(source.stack), lineOf } = source;
  const prefix = `${source.project}:`;
  const stackFile: YamlSource = { file, value: raw, prefix, ...(lineOf && { lineOf }) };
  const rolesFile = source.roles ?? { file: "config/roles.yaml", value: {} };
  const maskingFile = source.masking ?? { file: "config/masking.yaml", value: {} };
  const tenantsFile = source.tenants ?? { file: "", value: [] };

  const stack = soundPart(settingsDefinition, stackFile);
  const roleDefaults = soundPart(roleSettings, rolesFile);
  const moreTenants = soundPart(tenantList, tenantsFile);
  const masking = soundPart(maskingDefinition, maskingFile);
  const written = stack.value;
  const { roles, logins } = rolesOf(roleDefaults.value, written.roles);
  const names = { roles, logins, database: written.database };
  const archives = readArchives(written, stackFile, source.stack);
  const server = readServer(written, stackFile, source, names);

  const declaredIds = [
    ...writtenIds(raw.tenants, stackFile, ["tenants"]),
    ...writtenIds(tenantsFile.value, tenantsFile, []),
  ];
  const ids = new Set(declaredIds.map(({ name }) => name));
  const clashingIds = nameClashes(declaredIds).map(({ name: value, problem, rule }): Problem => ({
    ...problem,
    value,
    rule,
  }));

  const listed = [...written.tenants, ...moreTenants.value];
  const tenants = tenantSpecs(listed, written.isolation, masking.value);
  // A tenant with a mistake of its own is not in the list: its canary would be said to be nobody.
  const complete = stack.problems.length + moreTenants.problems.length === 0;
  const canaries = complete ? idleCanaries(tenants, written.migrations.canary) : [];
  refuseProblems([
    ...stack.problems,
    ...roleDefaults.problems,
    ...moreTenants.problems,
    ...masking.problems,
    ...clashingIds,
    ...cloneProblems([
      { list: raw.tenants, source: stackFile, base: ["tenants"] },
      { list: tenantsFile.value, source: tenantsFile, base: [] },
    ]),
    ...renameProblems(raw.tenants, stackFile, ["tenants"], ids),
    ...renameProblems(tenantsFile.value, tenantsFile, [], ids),
    ...roleProblems({ roles, logins }, stackFile, rolesFile),
    ...canaries.map(({ path, ...problem }) => problemAt(stackFile, path, problem)),
    ...server.problems,
    ...(written.partitions === "values" && tenants.length > 0
      ? [
          problemAt(stackFile, ["partitions"], {
            value: "values",
            rule: `is for a stack without tenants, and ${tenants.length === 1 ? "one is" : `${tenants.length} are`} listed: their partitions lie in their schemas`,
          }),
        ]
      : []),
    ...archives.problems,
  ]);
  return freeze({
    project: source.project,
    stack: source.stack,
    target: written.target,
    disposable: written.disposable,
    database: written.database,
    roles,
    logins,
    server: server.settings,
    partitionKey: written.partitionKey,
    partitions: written.partitions,
    rowLevelSecurity: written.rowLevelSecurity,
    layout: written.layout,
    retention: written.disposable ? 0 : written.retention,
    migrations: policyOf(written.migrations),
    ...archives.settings,
    tenants,
  });
}

function readServer(
  written: Written,
  stackFile: YamlSource,
  source: SettingsSource,
  { roles, logins, database }: Pick<Settings, "roles" | "logins" | "database">,
): { settings: ServerSettings; problems: Problem[] } {
  const { port, memory, capacity, restartPolicy, parameters } = written.server;
  const { postgresqlConf, pgHba } = source;
  const connections = written.server.connections ?? (memory < 4 * GIGABYTE ? 50 : 100);
  const overrides = Object.entries(parameters).map(
    ([name, value]) => [name, parameterText(value)] as const,
  );
  const problems = overrides.flatMap(([name, value]) => {
    const rule = parameterProblem(name, value);
    const path = ["server", "parameters", name];
    return rule === undefined ? [] : [problemAt(stackFile, path, { value, rule })];
  });

  const size = { memoryBytes: memory, connections, tenants: capacity.tenants, linux: false };
  if (workMemory(size) < LEAST_WORK_MEMORY) {
    const value = renderMemorySize(memory);
    const rule = `leaves less than 1 MB of work_mem for each of ${connections} connections with capacity for ${size.tenants} tenants: raise memory, or lower connections or capacity`;
    problems.push(problemAt(stackFile, ["server", "memory"], { value, rule }));
  }

  const conf = postgresqlConf && readParameters(postgresqlConf);
  const open = LOGIN_ROLES.flatMap((role) =>
    loginsOf(roles[role], logins[role])
      .filter((login) => login.open)
      .map(({ name }) => ({ name, group: roles[role] })),
  );
  const hba =
    written.target === "existing" || pgHba === undefined
      ? undefined
      : readPgHba(pgHba, {
          database,
          roles: { ...roles },
          logins: [{ name: ADMINISTRATOR }, ...open],
        });
  const docker = readDocker(written, stackFile, source, roles);
  const existing = readExisting(written, stackFile, roles);
  return {
    settings: {
      host: existing.settings?.host ?? (docker.settings ? hostOf(docker.settings) : LOOPBACK),
      port,
      login: existing.settings?.login ?? OUR_LOGIN,
      capacity,
      restartPolicy,
      ...(existing.settings && { existing: existing.settings.existing }),
      ...(docker.settings && { docker: docker.settings }),
      memoryBytes: memory,
      connections,
      parameters: { ...conf?.parameters, ...Object.fromEntries(overrides) },
      hba: hba?.rules ?? [],
    },
    problems: [
      ...problems,
      ...docker.problems,
      ...existing.problems,
      ...(conf?.problems ?? []),
      ...(hba?.problems ?? []),
    ],
  };
}
