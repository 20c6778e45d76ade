import type { CheckFailure, CheckResult } from "../../protocol/resource-handler.ts";
import { containsUnknown } from "../../protocol/values.ts";
import type { Properties, Value } from "../../protocol/values.ts";
import { isCollection } from "./property.ts";
import type { Property, PropertyTable } from "./property.ts";

/** Where the official plugin notes which inputs it filled in. */
const DEFAULTS = "__defaults";

/**
 * Validates inputs and fills in the defaults, noting which, as the official plugin does. Inputs of before that tell of no
 * defaults may all have been defaults to it: one that is left out then keeps its value.
 *
 * @param olds the checked inputs of before; empty for a new resource
 */
export function checkInputs(table: PropertyTable, news: Properties, olds: Properties): CheckResult {
  const failures: CheckFailure[] = [];
  const fail = (property: string, reason: string): void => {
    failures.push({ property, reason });
  };
  const inputs: Record<string, Value> = {};
  for (const [name, value] of Object.entries(news)) {
    if (name === DEFAULTS || value === undefined || value === null) continue;
    inputs[name] = value;
    const property = table[name];
    if (!property)
      fail(name, `There is no property "${name}". There are: ${Object.keys(table).join(", ")}.`);
    else {
      const problem = containsUnknown(value) ? undefined : problemOf(property, value);
      if (problem !== undefined) fail(name, problem);
    }
  }
  for (const [name, { required }] of Object.entries(table))
    if (required && inputs[name] === undefined)
      fail(name, `"${name}" is missing. Give it a value.`);
  const filled = Object.entries(table).flatMap(([name, property]) => {
    if (property.default === undefined || inputs[name] !== undefined) return [];
    const kept = olds[DEFAULTS] === undefined ? olds[name] : undefined;
    const value = kept ?? property.default;
    return kept === undefined && !value ? [] : [[name, value] as const];
  });
  const noted = filled.map(([name]) => name).sort();
  return { inputs: { ...inputs, ...Object.fromEntries(filled), [DEFAULTS]: noted }, failures };
}

/** The inputs that a refresh leaves behind: those of before, with what is there now. */
export function refreshedInputs(
  table: PropertyTable,
  inputs: Properties,
  outputs: Properties,
): Properties {
  const refreshed: Record<string, Value> = {};
  for (const [name, value] of Object.entries(inputs)) {
    const now = name in outputs ? outputs[name] : value;
    // The official plugin looks at as many items as were declared: an input never grows.
    const items = Array.isArray(value) && Array.isArray(now) ? now.slice(0, value.length) : now;
    if (name !== DEFAULTS) refreshed[name] = items ?? null;
  }
  const noted = inputs[DEFAULTS];
  const defaults = (Array.isArray(noted) ? (noted as readonly string[]) : []).filter(
    (name) => refreshed[name] === table[name]?.default,
  );
  return defaults.length > 0 ? { ...refreshed, [DEFAULTS]: defaults } : refreshed;
}

function problemOf(property: Property, value: Value): string | undefined {
  const { allowed, minimum, fixed, form } = property;
  const shown = JSON.stringify(property.secret ? "[secret]" : value);
  if (fixed && value !== property.default)
    return `The built-in stand-in for the postgresql plugin cannot set this. Leave it out, or install Pulumi's own plugin.`;
  if (isCollection(property)) {
    if (!Array.isArray(value) || !value.every((item: Value) => typeof item === "string"))
      return `${shown} is not a list of texts.`;
    const wrong = value.filter((item: string) => allowed && !allowed.includes(item));
    return wrong.length > 0
      ? `${wrong.join(", ")} is not allowed here. Allowed: ${allowed?.join(", ") ?? ""}.`
      : undefined;
  }
  if (property.kind === "flag")
    return typeof value === "boolean" ? undefined : `${shown} is not true or false.`;
  if (property.kind === "integer")
    return Number.isInteger(value) && Number(value) >= (minimum ?? 0)
      ? undefined
      : `${shown} is not a whole number of at least ${minimum ?? 0}.`;
  if (typeof value !== "string" || value === "") return `${shown} is not a text.`;
  if (form && !form.test(value)) return `${shown} does not have the form ${form.source}.`;
  return allowed && !allowed.includes(value)
    ? `${shown} is not allowed here. Allowed: ${allowed.join(", ")}.`
    : undefined;
}
