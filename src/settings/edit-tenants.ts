import { statSync } from "node:fs";
import { join } from "node:path";
import { TenantryError } from "../core/errors.ts";
import { insertItem } from "./insert-item.ts";
import { parseYaml, readYaml } from "./read-yaml.ts";
import type { Settings } from "./settings.ts";
import { PROJECT, loadStackFile, parseStackFile, settingsOfStack } from "./stack-file.ts";
import type { StackPlace } from "./stack-file.ts";
import { writeFile } from "../system/write-file.ts";

export interface NewTenant {
  readonly id: string;
  /** Default: the id. */
  readonly company?: string;
  /** An archive to begin with. */
  readonly restore?: string;
  /** Another tenant to begin as a copy of. */
  readonly clone?: Readonly<Record<"from" | "data", string>>;
}

export interface AddedTenant {
  /** The file that has it now, relative to the project. */
  readonly file: string;
  /** The settings of the stack with it. */
  readonly settings: Settings;
}

/** Puts a text in the place of a file's, with the rights it has. */
const rewrite = (path: string, text: string): void => {
  writeFile(path, text, statSync(path).mode & 0o777);
};

/**
 * Adds a tenant to the end of the stack's list: to the stack file, or to the file of its `tenantsFile` when the
 * stack file has no list itself. Nothing is written unless the settings are right with it.
 *
 * @throws {TenantryError} TNT-110 when the id or anything else in the settings is wrong; TNT-116 when the tenant is
 *   there already
 */
export function addTenant(place: StackPlace, tenant: NewTenant): AddedTenant {
  const { root, stack } = place;
  const { id } = tenant;
  const stackFile = loadStackFile(place);
  const before = settingsOfStack({ root, stackFile });
  if (before.tenants.some((other) => other.id === id))
    throw new TenantryError("TNT-116", { id, stack });

  const item = Object.keys(tenant).length === 1 ? id : tenant;
  const { tenants, tenantsFile } = stackFile.values;
  if (tenants === undefined && typeof tenantsFile === "string") {
    const file = `stacks/${tenantsFile}`;
    const text = insertItem(readYaml(root, file), [], item);
    const settings = settingsOfStack({ root, stackFile, tenants: parseYaml(file, text) });
    rewrite(join(root, file), text);
    return { file, settings };
  }
  const text = insertItem(stackFile, ["config", `${PROJECT}:tenants`], item);
  const settings = settingsOfStack({ root, stackFile: parseStackFile(stack, text) });
  rewrite(join(root, stackFile.file), text);
  return { file: stackFile.file, settings };
}
