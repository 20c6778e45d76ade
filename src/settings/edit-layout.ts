import { join } from "node:path";
import { statSync } from "node:fs";
import { writeFile } from "../system/write-file.ts";
import { setValue } from "./set-value.ts";
import type { Layout, Settings } from "./settings.ts";
import { loadStackFile, parseStackFile, PROJECT, settingsOfStack } from "./stack-file.ts";
import type { StackPlace } from "./stack-file.ts";

/**
 * Writes the layout into the stack file, unless it says so already. Nothing is written unless the settings are right
 * with it.
 *
 * @returns the settings with it
 * @throws {TenantryError} TNT-110 to TNT-114 when anything in the settings is wrong
 */
export function editLayout({ root, stack }: StackPlace, layout: Layout): Settings {
  const stackFile = loadStackFile({ root, stack });
  const before = settingsOfStack({ root, stackFile });
  if (before.layout === layout) return before;
  const text = setValue(stackFile, ["config", `${PROJECT}:layout`], layout);
  const settings = settingsOfStack({ root, stackFile: parseStackFile(stack, text) });
  const path = join(root, stackFile.file);
  writeFile(path, text, statSync(path).mode & 0o777);
  return settings;
}
