// Writes the pages that come from the sources: `npm run docs`. A test proves that they are up to date.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { findingReference } from "../src/core/doctor/finding-reference.ts";
import { errorReference } from "../src/core/error-reference.ts";
import { stackFileSchema } from "../src/settings/json-schema.ts";
import { apiReference } from "./api-reference.ts";

const root = join(import.meta.dirname, "..");

/** The generated files and their text. */
export async function generatedFiles(): Promise<{ file: string; text: string }[]> {
  const sources = {
    "docs/api.md": apiReference(),
    "docs/errors.md": errorReference(),
    "docs/findings.md": findingReference(),
    "stacks/schema.json": JSON.stringify(stackFileSchema()),
  };
  return await Promise.all(
    Object.entries(sources).map(async ([file, source]) => {
      const filepath = join(root, file);
      const text = await format(source, { ...(await resolveConfig(filepath)), filepath });
      return { file, text };
    }),
  );
}

if (import.meta.main)
  for (const { file, text } of await generatedFiles()) writeFileSync(join(root, file), text);
