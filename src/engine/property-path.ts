import { isObject, isSecret, secret } from "../protocol/values.ts";
import type { Properties, Value } from "../protocol/values.ts";

/** A path into properties: keys and indices; `*` stands for any. */
export type PropertyPath = readonly string[];

/** Reads `spec.list[0]["a.b"].*`, the form of ignoreChanges, replaceOnChanges and detailed differences. */
export function parsePropertyPath(text: string): PropertyPath {
  const parts = text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[([^\]]*)\]|([^.[\]]+)/g);
  return [...parts].map(([, quoted, index, name]) => {
    if (quoted !== undefined) return quoted.replaceAll(/\\(.)/g, "$1");
    return index ?? name ?? "";
  });
}

/** Whether `path` is at or below what `pattern` names. */
export function pathContains(pattern: PropertyPath, path: PropertyPath): boolean {
  return (
    pattern.length <= path.length &&
    pattern.every((part, index) => part === "*" || part === path[index])
  );
}

/** The new properties, with what the paths name as it was before: also absent, if it was absent. */
export function ignoreChanges(
  news: Properties,
  olds: Properties,
  paths: readonly string[],
): Properties {
  return paths
    .map(parsePropertyPath)
    .reduce((properties, path) => resetKeys(properties, olds, path), news);
}

function reset(
  value: Value | undefined,
  old: Value | undefined,
  path: PropertyPath,
): Value | undefined {
  if (path.length === 0) return old;
  if (isSecret(value)) {
    const inner = reset(value.value, isSecret(old) ? old.value : old, path);
    return inner === undefined ? undefined : secret(inner);
  }
  const before = isSecret(old) ? old.value : old;
  if (Array.isArray(value)) return resetItems(value, before, path);
  return isObject(value) ? resetKeys(value, isObject(before) ? before : {}, path) : value;
}

function resetKeys(properties: Properties, olds: Properties, path: PropertyPath): Properties {
  const [head = "", ...rest] = path;
  const keys = head === "*" ? Object.keys({ ...olds, ...properties }) : [head];
  const changed = new Map(Object.entries(properties));
  for (const key of keys) {
    const value: Value | undefined = reset(properties[key], olds[key], rest);
    if (value === undefined) changed.delete(key);
    else changed.set(key, value);
  }
  return Object.fromEntries(changed);
}

function resetItems(
  items: readonly Value[],
  old: Value | undefined,
  [head = "", ...rest]: PropertyPath,
): Value {
  const before: readonly Value[] = Array.isArray(old) ? old : [];
  return items.map((item, index) =>
    head === "*" || head === String(index) ? (reset(item, before[index], rest) ?? item) : item,
  );
}
