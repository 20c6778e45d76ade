import { tenantIdProblem } from "../core/name-rules.ts";
import { isAnotherClone } from "../core/shard-record.ts";
import type { CheckFailure } from "../protocol/resource-handler.ts";
import { isObject, UNKNOWN } from "../protocol/values.ts";
import type { Properties } from "../protocol/values.ts";
import {
  integer,
  mapOf,
  object,
  oneOf,
  optional,
  problemsOf,
  settingValue,
  text,
} from "./check-properties.ts";
import type { Rule } from "./check-properties.ts";

const maskRule: Rule = (value) =>
  isObject(value)
    ? object("sql" in value ? { sql: text } : { text: settingValue })(value)
    : oneOf("keep", "null")(value);

/** By table and column. */
const maskRules = mapOf(mapOf(maskRule));

/** What of a tenant is declared beside its id. */
const FIELDS: Readonly<Record<string, Rule>> = {
  company: text,
  state: oneOf("active", "suspended", "retired"),
  isolation: oneOf("shared", "strict"),
  pin: optional(integer(1, 1_000_000)),
  restore: optional(text),
  clone: optional(
    object({
      from: text,
      data: oneOf("none", "masked", "full"),
      masking: optional(object({ tenant: maskRules, central: maskRules })),
    }),
  ),
  retention: optional(integer(0, 3650)),
};

/** A tenant as its shard lists it. */
export const shardTenant: Rule = object({ ...FIELDS, renamedFrom: optional(text) });

/**
 * Why a tenant that is there cannot be a clone, if its line says so: another clone would not be what is in it.
 *
 * @param old what was declared when it was made
 */
export function laterClone(id: string, old: Properties, declared: Properties): string | undefined {
  if (!isAnotherClone(old.clone, declared.clone)) return undefined;
  const began = isObject(old.clone)
    ? `began as a clone of ${JSON.stringify(old.clone.from)} with the data ${JSON.stringify(old.clone.data)}`
    : "is there already, and its line did not say clone";
  return `The tenant ${JSON.stringify(id)} ${began}; a tenant is cloned only when it is made. Leave clone out of its line, or put it back as it was. For another clone, add a tenant with another id.`;
}

/** Every problem of a tenant's inputs, beside those of the last run. */
export function checkTenant(olds: Properties, news: Properties): CheckFailure[] {
  const failures = problemsOf(news, {
    spec: object({ id: text, ...FIELDS }),
    renamedFrom: optional(text),
  });
  const id = isObject(news.spec) ? news.spec.id : undefined;
  if (typeof id !== "string" || id === UNKNOWN) return failures;
  const problem = tenantIdProblem(id);
  if (problem !== undefined)
    failures.push({
      property: "spec.id",
      reason: `The tenant id ${JSON.stringify(id)} ${problem}.`,
    });
  const clone =
    isObject(olds.spec) && isObject(news.spec) ? laterClone(id, olds.spec, news.spec) : undefined;
  if (clone !== undefined) failures.push({ property: "spec.clone.data", reason: clone });
  const oldId = isObject(olds.spec) ? olds.spec.id : undefined;
  if (oldId !== undefined && oldId !== id && oldId !== news.renamedFrom)
    failures.push({
      property: "spec.id",
      reason: `The tenant ${JSON.stringify(oldId)} cannot become ${JSON.stringify(id)}: its data would be lost. Say renamedFrom: ${JSON.stringify(oldId)} beside it to rename the tenant; a new tenant gets an entry of its own.`,
    });
  return failures;
}
