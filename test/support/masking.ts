import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { MaskingRules } from "../../src/core/masking.ts";
import { maskingDefinition } from "../../src/settings/masking-definition.ts";
import { checkout } from "./project.ts";

/** The rules of the project's config/masking.yaml. */
export const projectMasking = (): MaskingRules =>
  maskingDefinition.parse(parse(readFileSync(join(checkout, "config/masking.yaml"), "utf8")));
