import type { PropertyDifference } from "../../core/engine-event.ts";
import type { DiffResult } from "../../protocol/resource-handler.ts";
import { sameValue } from "../../protocol/values.ts";
import type { Properties, Value } from "../../protocol/values.ts";
import type { Property, PropertyTable } from "./property.ts";

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
    const found = itemDifferences(property, name, { old, next, input: news[name] });
    for (const [path, kind] of found ?? [[name, kindOf(old, next)] as const])
      detailedDiff[path] = {
        diffKind: property.replaces ? `${kind}-replace` : kind,
        inputDiff: false,
      };
  }
  return { detailedDiff, replaces };
}

type Kind = "add" | "delete" | "update";

const isNothing = (value: Value): boolean =>
  value === null || (Array.isArray(value) && value.length === 0);

const kindOf = (old: Value, next: Value): Kind => {
  if (isNothing(old)) return "add";
  return isNothing(next) ? "delete" : "update";
};

type Differences = readonly (readonly [path: string, Kind])[];

/** The differences of a collection item by item; undefined where they are told as one. */
function itemDifferences(
  { kind }: Property,
  name: string,
  { old, next, input }: { old: Value; next: Value; input: Value | undefined },
): Differences | undefined {
  if (!Array.isArray(old) || !Array.isArray(next) || isNothing(old) || isNothing(next))
    return undefined;
  const items = kind === "set" ? setDifferences(old, next, input) : listDifferences(old, next);
  return [...items].map(([index, how]) => [`${name}[${index}]`, how]);
}

/**
 * A set's items one by one: those that leave by their place in the state, those that come by their place in the
 * inputs, which is where an engine looks for their values.
 */
function setDifferences(
  old: readonly Value[],
  next: readonly Value[],
  input: Value | undefined,
): Map<number, Kind> {
  const kinds = new Map<number, Kind>();
  for (const [index, item] of old.entries()) if (!next.includes(item)) kinds.set(index, "delete");
  const declared: readonly Value[] = Array.isArray(input) ? input : next;
  for (const [index, item] of declared.entries())
    if (!old.includes(item)) kinds.set(index, kinds.has(index) ? "update" : "add");
  return kinds;
}

/** A list's items that leave, by their old place, and that come, by their new one: as few as can be. */
function listDifferences(old: readonly Value[], next: readonly Value[]): Map<number, Kind> {
  const kinds = new Map<number, Kind>();
  let [left, right] = [0, 0];
  while (left < old.length || right < next.length) {
    if (left < old.length && right < next.length && old[left] === next[right]) {
      left += 1;
      right += 1;
    } else if (
      left < old.length &&
      common(old.slice(left + 1), next.slice(right)) >=
        common(old.slice(left), next.slice(right + 1))
    )
      kinds.set(left++, "delete");
    else {
      kinds.set(right, kinds.has(right) ? "update" : "add");
      right += 1;
    }
  }
  return kinds;
}

/** The length of the longest list that is in both, in this order. */
function common(a: readonly Value[], b: readonly Value[]): number {
  let lengths = b.map(() => 0);
  for (const item of a) {
    const above = lengths;
    lengths = [];
    for (const [at, other] of b.entries())
      lengths.push(
        item === other ? 1 + (above[at - 1] ?? 0) : Math.max(above[at] ?? 0, lengths[at - 1] ?? 0),
      );
  }
  return lengths.at(-1) ?? 0;
}
