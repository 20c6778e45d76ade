import { readFileSync } from "node:fs";
import type { ClientBase } from "pg";
import { judgeCapabilities, missingCapabilities } from "../core/capabilities.ts";
import type { Capability, FoundCapabilities, NeededCapabilities } from "../core/capabilities.ts";
import { TenantryError } from "../core/errors.ts";
import { importLine } from "../core/import-line.ts";
import type { TakenName } from "../core/import-line.ts";
import { settingDifferences } from "../core/setting-differences.ts";
import type { ServerSetting, SettingDifference } from "../core/setting-differences.ts";
import { sqlstateOf } from "../postgres/sql-error.ts";
import { SQLSTATE } from "../postgres/sqlstate.ts";
import { configurationProblems, serverFacts } from "./reload-configuration.ts";
import type { ServerFacts } from "./reload-configuration.ts";

/** What a stack expects of a server that it did not make. */
export interface ExistingDeclaration extends NeededCapabilities {
  /** The settings it should have. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** What such a server says about itself and about its administrator. */
export interface ExistingFacts extends ServerFacts {
  readonly capabilities: readonly Capability[];
  readonly differences: readonly SettingDifference[];
  /** Lines of its configuration files that it does not take, where the administrator may see them. */
  readonly fileProblems: readonly string[];
}

const query = (name: string): string =>
  readFileSync(new URL(`../../sql/server/${name}.sql`, import.meta.url), "utf8");

const CAPABILITIES = query("capabilities");
const SETTINGS = query("settings");
const TAKEN_NAMES = query("taken-names");

/** Looks at a server, and changes nothing. */
export async function inspectExisting(
  client: ClientBase,
  declaration: ExistingDeclaration,
): Promise<ExistingFacts> {
  const found = await findCapabilities(client);
  const { rows: settings } = await client.query<ServerSetting>(SETTINGS, [
    Object.keys(declaration.parameters),
  ]);
  return {
    ...(await serverFacts(client)),
    capabilities: judgeCapabilities(found, declaration),
    differences: settingDifferences(declaration.parameters, settings),
    fileProblems: found.readFileSettings ? await configurationProblems(client) : [],
  };
}

/**
 * Refuses a server on which a stack cannot be made.
 *
 * @param facts what it said
 * @throws {TenantryError} TNT-260 for another major version, TNT-261 with what the administrator may not do
 */
export function requireUsable({ version, capabilities }: ExistingFacts): void {
  if (!/^16\b/.test(version)) throw new TenantryError("TNT-260", { version });
  const missing = missingCapabilities(capabilities);
  if (missing.length > 0) throw new TenantryError("TNT-261", { missing });
}

/** Names of the cluster that a stack is about to give. */
export interface ClusterNames {
  readonly roles: readonly string[];
  readonly database: string;
}

/**
 * Refuses names that somebody else gave already: they are never taken over silently.
 *
 * @param stack `<project>/<stack>`
 * @throws {TenantryError} TNT-262 with the lines that import them, and the other way
 */
export async function requireFreeNames(
  client: ClientBase,
  { roles, database }: ClusterNames,
  stack: string,
): Promise<void> {
  const { rows } = await client.query<TakenName>(TAKEN_NAMES, [roles, database]);
  if (rows.length === 0) return;
  throw new TenantryError("TNT-262", {
    names: rows.map(({ kind, name }) => `${kind} ${name}`),
    imports: rows.map((taken) => importLine(taken, stack)),
  });
}

async function findCapabilities(client: ClientBase): Promise<FoundCapabilities> {
  const { rows } = await client.query<FoundCapabilities>(CAPABILITIES);
  const [found] = rows;
  if (found === undefined) throw new Error("The role that is logged in is not in pg_roles.");
  return found.createStatements || !found.statementsAvailable
    ? found
    : { ...found, createStatements: await mayCreateStatements(client) };
}

/**
 * Tries, and takes it back: services have lists of their own of what their administrators may create, which no
 * catalog tells. An extension that is there already in this database tells nothing, and is believed possible.
 */
async function mayCreateStatements(client: ClientBase): Promise<boolean> {
  await client.query("begin");
  try {
    await client.query("create extension pg_stat_statements");
    return true;
  } catch (error) {
    return sqlstateOf(error) === SQLSTATE.duplicateObject;
  } finally {
    await client.query("rollback");
  }
}
