import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { TenantryError } from "../core/errors.ts";
import type { Project } from "./project.ts";

/** The local engine's own plugin for the postgresql package, for when the official one is not installed. */
const STAND_IN_DIRECTORY = join(import.meta.dirname, "postgresql");

/**
 * The plugin's executable: from the project file, from `$PATH`, from Pulumi's folder of plugins, and for
 * postgresql at last the stand-in.
 *
 * @param version without it, Pulumi's folder is not searched
 * @throws TNT-309
 */
export function findPlugin(
  project: Project,
  plugin: { name: string; version: string },
  environment: NodeJS.ProcessEnv = process.env,
): string {
  const { name, version } = plugin;
  const executable = `pulumi-resource-${name}`;
  const named = project.plugins.find((candidate) => candidate.name === name);
  const home = environment.PULUMI_HOME ?? join(homedir(), ".pulumi");
  const directories = [
    ...(named ? [resolve(project.root, named.path)] : []),
    ...(environment.PATH ?? "").split(delimiter).filter((directory) => directory !== ""),
    ...(version === "" ? [] : [join(home, "plugins", `resource-${name}-v${version}`)]),
    ...(name === "postgresql" ? [STAND_IN_DIRECTORY] : []),
  ];
  const found = directories
    .map((directory) => join(directory, executable))
    .find((file) => isExecutable(file));
  if (found !== undefined) return found;
  const looked = [
    named ? resolve(project.root, named.path) : "plugins.providers of Pulumi.yaml",
    "$PATH",
    join(home, "plugins"),
  ];
  throw new TenantryError("TNT-309", { name, version, looked });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
