import { readConfigValues } from "./config-values.ts";
import { parseSettings } from "./parse-settings.ts";
import { readProjectSources } from "./project-sources.ts";
import type { Settings } from "./settings.ts";

export interface LoadOptions {
  /** Reads a key of the project's namespace, as `pulumi.Config` does. */
  readonly get: (key: string) => string | undefined;
  /** All keys that the stack sets in the project's namespace, so that unknown ones are noticed. */
  readonly keys?: readonly string[];
  readonly project: string;
  readonly stack: string;
  /** The project's directory. */
  readonly root: string;
}

/**
 * The settings of the program that an engine runs.
 *
 * @throws {TenantryError} TNT-110 with every mistake; TNT-113, TNT-114 when a file cannot be read
 */
export function loadSettings({ get, keys, project, stack, root }: LoadOptions): Settings {
  const values = readConfigValues(get, keys);
  return parseSettings(values, { project, stack, ...readProjectSources(root, values) });
}
