import { objectOf } from "../differences.ts";
import { TENANT_SCHEMA_PREFIX } from "../names.ts";
import type { Finding } from "./finding.ts";

/** An index that PostgreSQL does not use; see sql/doctor/invalid-indexes.sql. */
export interface InvalidIndex {
  readonly schema: string;
  readonly index: string;
  /** `index idx on payroll`, as the schema's objects name it. */
  readonly object: string;
}

/**
 * The invalid indexes.
 *
 * @param expected by schema: what it should hold, where it does not hold that
 */
export function examineIndexes(
  indexes: readonly InvalidIndex[],
  expected: ReadonlyMap<string, readonly string[]>,
): Finding[] {
  return indexes.map(({ schema, index, object }): Finding => {
    const declared = (expected.get(schema) ?? []).some((line) => objectOf(line).name === object);
    return {
      code: "DOC-23",
      subject: `${schema} ${object}`,
      ...(schema.startsWith(TENANT_SCHEMA_PREFIX) && {
        tenant: schema.slice(TENANT_SCHEMA_PREFIX.length),
      }),
      found: declared ? "a migration made it" : "no migration made it",
      repair: { by: "index", schema, index, rebuild: declared },
    };
  });
}
