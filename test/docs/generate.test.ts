import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { generatedFiles } from "../../docs/generate.ts";
import { checkout } from "../support/project.ts";

test.each(await generatedFiles())("$file is up to date (npm run docs)", ({ file, text }) => {
  expect(readFileSync(join(checkout, file), "utf8")).toBe(text);
});
