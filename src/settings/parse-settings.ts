import type { z } from "zod";
import type { MigrationPolicy } from "../core/fleet-plan.ts";
import { renderMemorySize } from "../core/memory-size.ts";
import { platformRoles } from "../core/roles.ts";
import type { TenantSpec } from "../core/tenant.ts";
import { LEAST_WORK_MEMORY, workMemory } from "../core/tuning.ts";
import { roleSettings, settingsDefinition, tenantList } from "./definition.ts";
import { freeze } from "./freeze.ts";
import { idleCanaries } from "./idle-canaries.ts";
import { nameClashes } from "./name-clashes.ts";
import { parameterProblem } from "./owned-parameters.ts";
import type { Problem } from "./problem.ts";
import { refuseProblems } from "./problem.ts";
import { hostOf, LOOPBACK, readDocker } from "./read-docker.ts";
import { readParameters } from "./read-parameters.ts";
import { readPgHba } from "./read-pg-hba.ts";
import { rolesOf } from "./roles-of.ts";
import { settingPath } from "./setting-path.ts";
import type { ServerSettings, Settings } from "./settings.ts";
import { ADMINISTRATOR } from "./settings.ts";
import type { SettingsSource, YamlSource } from "./settings-source.ts";
import { stackFileName } from "./settings-source.ts";
import { problemAt, soundPart } from "./sound-part.ts";

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

function tenantSpecs(tenants: z.output<typeof tenantList>, isolation: Written["isolation"]) {
  return tenants.map((tenant): TenantSpec => {
    if (typeof tenant === "string")
      return { id: tenant, company: tenant, state: "active", isolation };
    const { id, company = id, state, pin } = tenant;
    const spec = { id, company, state, isolation: tenant.isolation ?? isolation };
    return pin === undefined ? spec : { ...spec, pin };
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
  const tenantsFile = source.tenants ?? { file: "", value: [] };

  const stack = soundPart(settingsDefinition, stackFile);
  const roleDefaults = soundPart(roleSettings, rolesFile);
  const moreTenants = soundPart(tenantList, tenantsFile);
  const written = stack.value;
  const { roles, logins } = rolesOf(roleDefaults.value, written.roles);
  const server = readServer(written, stackFile, source, { roles, database: written.database });

  const clashingIds = nameClashes([
    ...writtenIds(raw.tenants, stackFile, ["tenants"]),
    ...writtenIds(tenantsFile.value, tenantsFile, []),
  ]).map(({ name: value, problem, rule }): Problem => ({ ...problem, value, rule }));
  const clashingRoles = nameClashes(
    platformRoles(roles).map(({ name }) => ({ name, place: "another role's name" })),
  ).map(({ name, rule }) => problemAt(stackFile, ["roles"], { value: name, rule }));

  const tenants = tenantSpecs([...written.tenants, ...moreTenants.value], written.isolation);
  // A tenant with a mistake of its own is not in the list: its canary would be said to be nobody.
  const complete = stack.problems.length + moreTenants.problems.length === 0;
  const canaries = complete ? idleCanaries(tenants, written.migrations.canary) : [];
  refuseProblems([
    ...stack.problems,
    ...roleDefaults.problems,
    ...moreTenants.problems,
    ...clashingIds,
    ...clashingRoles,
    ...canaries.map(({ path, ...problem }) => problemAt(stackFile, path, problem)),
    ...server.problems,
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
    rowLevelSecurity: written.rowLevelSecurity,
    layout: written.layout,
    migrations: policyOf(written.migrations),
    tenants,
  });
}

function readServer(
  written: Written,
  stackFile: YamlSource,
  source: SettingsSource,
  { roles, database }: Pick<Settings, "roles" | "database">,
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
  const logins = platformRoles(roles).flatMap(({ name, login, replication }) =>
    login && !replication ? [name] : [],
  );
  const hba =
    pgHba &&
    readPgHba(pgHba, { database, roles: { ...roles }, logins: [ADMINISTRATOR, ...logins] });
  const docker = readDocker(written, stackFile, source, roles);
  return {
    settings: {
      host: docker.settings ? hostOf(docker.settings) : LOOPBACK,
      port,
      capacity,
      restartPolicy,
      ...(docker.settings && { docker: docker.settings }),
      memoryBytes: memory,
      connections,
      parameters: { ...conf?.parameters, ...Object.fromEntries(overrides) },
      hba: hba?.rules ?? [],
    },
    problems: [
      ...problems,
      ...docker.problems,
      ...(conf?.problems ?? []),
      ...(hba?.problems ?? []),
    ],
  };
}
