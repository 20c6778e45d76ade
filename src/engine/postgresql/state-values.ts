import { UNKNOWN } from "../../protocol/values.ts";
import type { Properties, Value } from "../../protocol/values.ts";

/** A property that is a text, or `""` when it is absent. */
export function textOf(state: Properties, name: string): string {
  const value = state[name];
  return typeof value === "string" ? value : "";
}

/** A property that is a list of texts; absent is empty. */
export function listOf(state: Properties, name: string): readonly string[] {
  const value = state[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

/** Whether a property has a value that is known: not absent, not empty, not left for later. */
export function isKnown(value: Value | undefined): value is Value {
  return value !== undefined && value !== null && value !== UNKNOWN;
}
