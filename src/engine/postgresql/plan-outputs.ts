import { UNKNOWN, containsUnknown } from "../../protocol/values.ts";
import type { Properties, Value } from "../../protocol/values.ts";
import { isCollection } from "./property.ts";
import type { Property, PropertyTable } from "./property.ts";

/**
 * What a resource will look like: what a preview answers, and what an operation then brings about. As in the
 * official plugin, an empty set and a list that is not declared are null, unless there was one before.
 *
 * @param olds the outputs before; undefined for a new resource
 */
export function planOutputs(
  table: PropertyTable,
  inputs: Properties,
  olds: Properties | undefined,
): Properties {
  const planned: Record<string, Value> = { id: olds?.id ?? UNKNOWN };
  for (const [name, property] of Object.entries(table))
    planned[name] = plannedValue(property, inputs[name], olds && (olds[name] ?? null));
  return planned;
}

function plannedValue(property: Property, input: Value | undefined, old: Value | undefined): Value {
  if (input !== undefined && input !== null)
    return property.kind === "set" ? collection(property, input, old) : input;
  if (property.default !== undefined) return property.default;
  if (property.computed) return old ?? UNKNOWN;
  if (isCollection(property)) return collection(property, [], old);
  // Nothing and zero are the same to the official plugin.
  return old === "" || old === 0 ? old : null;
}

function collection({ kind }: Property, value: Value, old: Value | undefined): Value {
  if (!Array.isArray(value)) return value;
  const items: readonly Value[] = value;
  // What a set will hold, and in which order, is not known before each of its items is.
  if (kind === "set" && items.some(containsUnknown)) return UNKNOWN;
  if (items.length === 0) return old === undefined || old === null ? null : [];
  return kind === "set" ? [...new Set(items)].sort() : items;
}

/**
 * The outputs after an operation: as planned, with what the catalog says now. As in the official plugin, a text that is
 * no longer declared is empty.
 *
 * @param seen the properties the catalog tells of
 * @param olds the outputs before; undefined for a new resource
 */
export function settledOutputs(
  table: PropertyTable,
  planned: Properties,
  seen: Properties,
  olds?: Properties,
): Properties {
  const settled: Record<string, Value> = {};
  for (const [name, property] of Object.entries(table)) {
    const plan = planned[name] ?? null;
    const value = seen[name];
    const isEmpty = isCollection(property) && Array.isArray(value) && value.length === 0;
    const isLeft = plan === null && typeof olds?.[name] === "string";
    settled[name] =
      value === undefined || (isEmpty && plan === null) ? (isLeft ? "" : plan) : value;
  }
  return settled;
}
