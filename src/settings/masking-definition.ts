import { z } from "zod";
import { mapping } from "./definition-rules.ts";

const ruleError = { error: "must be keep, null, { text: ... } or { sql: ... }" };
const textRule = { error: "must be a text without NUL" };

const rule = z.union(
  [
    z.literal("keep", ruleError),
    z.null(ruleError).transform(() => "null" as const),
    z.strictObject({ text: z.string(textRule).regex(/^[^\0]*$/, textRule) }, ruleError),
    z.strictObject(
      { sql: z.string({ error: "must be a SQL expression" }).regex(/\S/, { error: "is empty" }) },
      ruleError,
    ),
  ],
  ruleError,
);

const tables = z
  .record(z.string(), z.record(z.string(), rule, { error: mapping }), { error: mapping })
  .default({});

/** config/masking.yaml: what becomes of each column when a tenant is cloned with masked data. */
export const maskingDefinition = z.strictObject(
  { tenant: tables, central: tables },
  { error: mapping },
);
