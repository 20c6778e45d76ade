import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { TenantryError } from "../core/errors.ts";
import { sizeProblem } from "./config-size.ts";
import { asConfigValue } from "./config-values.ts";
import { parseSettings } from "./parse-settings.ts";
import type { Problem } from "./problem.ts";
import { refuseProblems } from "./problem.ts";
import { readProjectSources } from "./project-sources.ts";
import { readText } from "./read-text.ts";
import { parseYaml } from "./read-yaml.ts";
import type { YamlFile } from "./read-yaml.ts";
import type { Settings } from "./settings.ts";
import { stackFileName } from "./settings-source.ts";
import type { YamlSource } from "./settings-source.ts";

/** The Pulumi project, and so the namespace of its settings. */
export const PROJECT = "tenantry";

const PREFIX = `${PROJECT}:`;
const STACK = /^[A-Za-z0-9][\w.-]{0,99}$/;

export interface StackPlace {
  /** The project's directory. */
  readonly root: string;
  readonly stack: string;
}

export interface StackFile extends YamlFile {
  readonly stack: string;
  /** `config:` as written, secrets encrypted. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The project's own settings, as a program would read them. */
  readonly values: Readonly<Record<string, unknown>>;
  /** What the passphrase's key is derived with; none before the first secret. */
  readonly encryptionSalt?: string;
}

/** Whether a stack may be called so. */
export const isStackName = (name: string): boolean => STACK.test(name);

/** The stacks that have a file. */
export function listStacks(root: string): string[] {
  const directory = join(root, "stacks");
  const files = existsSync(directory) ? readdirSync(directory) : [];
  return files.flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Reads stacks/Pulumi.<stack>.yaml, without judging the settings in it.
 *
 * @throws {TenantryError} TNT-111 when there is no such stack, TNT-112 when it cannot be one's name; TNT-110,
 *   TNT-113, TNT-114 when the file is no stack file
 */
export function loadStackFile({ root, stack }: StackPlace): StackFile {
  const file = stackFileName(stack);
  if (!isStackName(stack)) throw new TenantryError("TNT-112", { stack, known: listStacks(root) });
  if (!existsSync(join(root, file)))
    throw new TenantryError("TNT-111", { file, stack, known: listStacks(root) });
  return parseStackFile(stack, readText(root, file));
}

/** @throws {TenantryError} TNT-110, TNT-113 when the text is no stack file */
export function parseStackFile(stack: string, text: string): StackFile {
  const file = stackFileName(stack);
  const yaml = parseYaml(file, text);
  const content = isMapping(yaml.value) ? yaml.value : {};
  const config = content.config;
  if (!isMapping(config)) {
    const rule = `has no mapping "config:" with settings such as ${PREFIX}tenants`;
    refuseProblems([{ file, rule }]);
    return { ...yaml, stack, config: {}, values: {} };
  }
  const bare = Object.keys(config).filter((key) => !key.includes(":"));
  refuseProblems(
    bare.map((key): Problem => {
      const line = yaml.lineOf(["config", key]);
      return { file, line, path: key, rule: `has no namespace: write ${PREFIX}${key}` };
    }),
  );
  const tooLong = sizeProblem(config);
  if (tooLong !== undefined) refuseProblems([{ file, path: "config", rule: tooLong }]);
  const own = Object.entries(config).filter(([key]) => key.startsWith(PREFIX));
  const values = own.map(([key, value]) => {
    const name = key.slice(PREFIX.length);
    return [name, asConfigValue(name, value)];
  });
  const salt = content.encryptionsalt;
  return {
    ...yaml,
    stack,
    config,
    values: Object.fromEntries(values) as Record<string, unknown>,
    ...(typeof salt === "string" ? { encryptionSalt: salt } : {}),
  };
}

export interface StackSettingsOptions {
  readonly root: string;
  readonly stackFile: StackFile;
  /** What to read in place of the file that `tenantsFile` names. */
  readonly tenants?: YamlSource;
}

/**
 * The settings of a stack, from its file: the same ones that the program gets from Pulumi.
 *
 * @throws {TenantryError} TNT-110 with every mistake; TNT-113, TNT-114 when a file cannot be read
 */
export function settingsOfStack({ root, stackFile, tenants }: StackSettingsOptions): Settings {
  const { file, stack, values } = stackFile;
  return parseSettings(values, {
    project: PROJECT,
    stack,
    file,
    lineOf: ([key, ...path]) => stackFile.lineOf(["config", `${PREFIX}${String(key)}`, ...path]),
    ...readProjectSources(root, values),
    ...(tenants && { tenants }),
  });
}
