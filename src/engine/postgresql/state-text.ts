import type { Properties } from "../../protocol/values.ts";

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
