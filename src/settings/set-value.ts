import { isMap, isScalar } from "yaml";
import type { YAMLMap } from "yaml";
import type { YamlFile } from "./read-yaml.ts";

/**
 * The text of a YAML file with another value, plain, of one key. Where the key is there, or its mapping has a line of
 * its own for each key, every other character stays as it is; else the file is written anew with its comments and order.
 *
 * @param value a word that YAML takes for itself
 */
export function setValue(
  { text, document }: YamlFile,
  path: readonly string[],
  value: string,
): string {
  const old = document.getIn(path, true);
  if (isScalar(old) && old.range) {
    const [start, end] = old.range;
    return `${text.slice(0, start)}${value}${text.slice(end)}`;
  }
  const parent = document.getIn(path.slice(0, -1), true);
  const line = isMap(parent) && !parent.flow ? lineWithin(text, parent) : undefined;
  if (line === undefined) {
    document.setIn(path, value);
    return document.toString({ lineWidth: 0 });
  }
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const added = `${line.indentation}${path.at(-1) ?? ""}: ${value}${newline}`;
  return `${text.slice(0, line.start)}${added}${text.slice(line.start)}`;
}

/** Where a key may get a line in a mapping: after another one whose value ends on its own line. */
function lineWithin(
  text: string,
  map: YAMLMap,
): { indentation: string; start: number } | undefined {
  for (const { key, value } of map.items) {
    if (!isScalar(key) || !key.range || !isScalar(value) || !value.range) continue;
    const [begin] = key.range;
    const start = text.indexOf("\n", value.range[1]) + 1;
    if (start === 0 || text.slice(begin, value.range[1]).includes("\n")) continue;
    return { indentation: text.slice(text.lastIndexOf("\n", begin) + 1, begin), start };
  }
  return undefined;
}
