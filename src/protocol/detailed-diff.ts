import type { PropertyDifference } from "../core/engine-event.ts";
import { isObject, sameValue, unwrapSecrets } from "./values.ts";
import type { Properties, Value } from "./values.ts";

/** Property path -> how it differs, as Pulumi's `detailedDiff`. */
export type DetailedDiff = Readonly<Record<string, PropertyDifference>>;

/**
 * How `news` differ from `olds`, down to the nested field: `spec.company`, `hba[2]`, `parameters["a.b"]`. A
 * property that is null counts as absent; secrets are compared by value; an unknown differs from everything.
 */
export function detailedDiff(olds: Properties, news: Properties): DetailedDiff {
  const differences: Record<string, PropertyDifference> = {};
  const note = (path: string, diffKind: PropertyDifference["diffKind"]): void => {
    differences[path] = { diffKind, inputDiff: true };
  };
  const compare = (path: string, before: Value | undefined, after: Value | undefined): void => {
    const old = isPresent(before) ? unwrapSecrets(before) : undefined;
    const next = isPresent(after) ? unwrapSecrets(after) : undefined;
    if (sameValue(old, next)) return;
    if (old === undefined) note(path, "add");
    else if (next === undefined) note(path, "delete");
    else if (isObject(old) && isObject(next))
      for (const key of keysOf(old, next)) compare(join(path, key), old[key], next[key]);
    else if (Array.isArray(old) && Array.isArray(next))
      for (let index = 0; index < Math.max(old.length, next.length); index += 1)
        compare(`${path}[${index}]`, old[index] as Value, next[index] as Value);
    else note(path, "update");
  };
  for (const key of keysOf(olds, news)) compare(join("", key), olds[key], news[key]);
  return differences;
}

const isPresent = (value: Value | undefined): value is Value =>
  value !== undefined && value !== null;

const keysOf = (a: Properties, b: Properties): string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();

const join = (path: string, key: string): string => {
  if (!/^[A-Za-z_][\w$-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
};
