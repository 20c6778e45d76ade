import type { PropertyDifference } from "../../core/engine-event.ts";
import type { DiffResult } from "../../protocol/resource-handler.ts";
import { sameValue } from "../../protocol/values.ts";
import type { Properties, Value } from "../../protocol/values.ts";
import type { PropertyTable } from "./property.ts";

/** How the outputs would change. The official plugin, too, compares outputs: so drift shows after a refresh. */
export function diffOutputs(
  table: PropertyTable,
  { olds, planned, news }: { olds: Properties; planned: Properties; news: Properties },
  ignoreChanges: readonly string[],
): Required<Pick<DiffResult, "detailedDiff" | "replaces">> {
  const detailedDiff: Record<string, PropertyDifference> = {};
  const replaces: string[] = [];
  for (const [name, property] of Object.entries(table)) {
    const [old, next] = [olds[name] ?? null, planned[name] ?? null];
    if (sameValue(old, next) || ignoreChanges.includes(name)) continue;
    if (property.replaces) replaces.push(name);
    const found = property.kind === "set" ? setDifferences(name, old, next, news[name]) : undefined;
    for (const [path, kind] of found ?? [[name, kindOf(old, next)] as const])
      detailedDiff[path] = {
        diffKind: property.replaces ? `${kind}-replace` : kind,
        inputDiff: false,
      };
  }
  return { detailedDiff, replaces };
}

type Kind = "add" | "delete" | "update";

const kindOf = (old: Value, next: Value): Kind => {
  if (old === null) return "add";
  return next === null ? "delete" : "update";
};

/**
 * A set's items one by one: those that leave by their place in the state, those that come by their place in the
 * inputs, which is where an engine looks for their values.
 */
function setDifferences(
  name: string,
  old: Value,
  next: Value,
  input: Value | undefined,
): readonly (readonly [string, Kind])[] | undefined {
  if (!Array.isArray(old) || !Array.isArray(next) || old.length === 0 || next.length === 0)
    return undefined;
  const kinds = new Map<string, Kind>();
  for (const [index, item] of old.entries())
    if (!next.includes(item)) kinds.set(`${name}[${index}]`, "delete");
  for (const [index, item] of (Array.isArray(input) ? input : next).entries()) {
    const path = `${name}[${index}]`;
    if (!old.includes(item)) kinds.set(path, kinds.has(path) ? "update" : "add");
  }
  return [...kinds];
}
