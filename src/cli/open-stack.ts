import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createAdminPassword, readAdminPassword } from "../settings/admin-password.ts";
import { loadStackFile, PROJECT, settingsOfStack } from "../settings/stack-file.ts";
import type { Settings } from "../settings/settings.ts";
import type { StackFile } from "../settings/stack-file.ts";
import { writeFile } from "../system/write-file.ts";
import { resolveBackend } from "./engine/backend.ts";
import type { Backend } from "./engine/backend.ts";
import { chooseEngine } from "./engine/choose-engine.ts";
import type { EngineChoice, EngineKind } from "./engine/choose-engine.ts";
import type { Engine } from "./engine/engine.ts";
import { findPulumi } from "./engine/find-pulumi.ts";
import { stackPassphrase } from "./passphrase.ts";
import { PROJECT_ROOT } from "./project-root.ts";
import { readIfThere, stackFile as privateFile } from "./stack-files.ts";

/** A stack, read and checked, with the engine that runs it. */
export interface Stack {
  readonly root: string;
  readonly name: string;
  /** The stack file, relative to the project. */
  readonly file: string;
  readonly settings: Settings;
  readonly backend: Backend;
  readonly passphrase: string;
  readonly engine: Engine;
  /** Why this engine, in one line. */
  readonly engineReason: string;
}

export interface OpenOptions {
  readonly stack: string;
  readonly engine: EngineChoice;
  /** Whether the run may leave files behind: the secrets of a new stack, and which engine it was. Default: no. */
  readonly keep?: boolean;
  readonly root?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Reads a stack and chooses its engine. Everything that is wrong with the settings is said here, before any engine
 * starts.
 *
 * @throws {TenantryError} TNT-110 to TNT-114 for settings; TNT-601 to TNT-603 for the engine; TNT-614 for its secrets
 */
export async function openStack(options: OpenOptions): Promise<Stack> {
  const { stack, engine: choice, keep = false, root = PROJECT_ROOT, env = process.env } = options;
  const stackFile = loadStackFile({ root, stack });
  const settings = settingsOfStack({ root, stackFile });
  const backend = resolveBackend(env, root);
  const hasSecret = "adminPassword" in stackFile.values;
  const engineFile = privateFile(root, stack, "engine");
  const remembered = readIfThere(engineFile);
  const pulumi = choice === "local" ? undefined : await findPulumi(env);
  const { kind, reason } = chooseEngine({
    choice,
    remembered: remembered === "pulumi" || remembered === "local" ? remembered : undefined,
    pulumi,
    remoteBackend: backend.directory === undefined ? backend.url : undefined,
  });
  const stackExists = stateExists(backend, stack);
  const passphrase = stackPassphrase({ root, stack, env, stackExists, keep });
  if (keep) {
    writeFile(engineFile, `${kind}\n`, 0o600);
    if (!hasSecret) createAdminPassword(root, settings);
  }
  if (settings.target === "existing" && !hasSecret) readAdminPassword(root, settings);
  const engine = await makeEngine(kind, pulumi?.path, {
    root,
    stackFile,
    backend,
    passphrase,
    env,
    placeholders: placeholders(root, stackFile),
  });
  return {
    root,
    name: stack,
    file: stackFile.file,
    settings,
    backend,
    passphrase,
    engine,
    engineReason: reason,
  };
}

/** Whether a `file://` state has the stack; of another backend only the Pulumi CLI knows, which asks for what it needs. */
export function stateExists({ directory }: Backend, stack: string): boolean {
  if (directory === undefined) return false;
  const file = join(directory, ".pulumi", "stacks", PROJECT, `${stack}.json`);
  return [file, `${file}.gz`, `${file}.zst`, `${file}.journal`].some((name) => existsSync(name));
}

/**
 * What a program needs before a first `up` made it: a preview changes nothing, so it gets a password that nobody keeps.
 */
function placeholders(root: string, { stack, values }: StackFile): Record<string, string> {
  const file = privateFile(root, stack, "admin-password");
  return existsSync(file) || "adminPassword" in values
    ? {}
    : { [`${PROJECT}:adminPassword`]: randomUUID() };
}

interface EngineParts {
  readonly root: string;
  readonly stackFile: StackFile;
  readonly backend: Backend;
  readonly passphrase: string;
  readonly env: NodeJS.ProcessEnv;
  readonly placeholders: Readonly<Record<string, string>>;
}

/** Loads only the engine that is used: either costs a tenth of a second. */
async function makeEngine(
  kind: EngineKind,
  executable: string | undefined,
  { root, stackFile, backend, passphrase, env, placeholders }: EngineParts,
): Promise<Engine> {
  if (kind === "local" || executable === undefined) {
    const { LocalEngine } = await import("./engine/local-engine.ts");
    return new LocalEngine({
      root,
      stackFile,
      backend: backend.directory ?? "",
      passphrase,
      placeholders,
    });
  }
  const { PulumiEngine } = await import("./engine/pulumi-engine.ts");
  return new PulumiEngine({
    executable,
    root,
    project: PROJECT,
    stack: stackFile.stack,
    stackFile: join(root, stackFile.file),
    backend,
    passphrase,
    env,
    placeholders,
  });
}
