import { readConfigValues } from "./config-values.ts";
import { settingsDefinition } from "./definition.ts";
import { parseSettings } from "./parse-settings.ts";
import { readProjectSources } from "./project-sources.ts";
import type { Settings } from "./settings.ts";

export interface LoadOptions {
  /** Reads a key of the project's namespace, as `pulumi.Config` does. */
  readonly get: (key: string) => string | undefined;
  /**
   * Every key of the configuration with its namespace (`pulumi.runtime.allConfig`), so that unknown ones are
   * noticed. Default: the known ones.
   */
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
  const namespace = `${project}:`;
  const own = keys
    ?.filter((key) => key.startsWith(namespace))
    .map((key) => key.slice(namespace.length));
  const values = readConfigValues(get, own ?? Object.keys(settingsDefinition.shape));
  return parseSettings(values, { project, stack, ...readProjectSources(root, values) });
}
