import { isMap, isNode, isSeq, stringify } from "yaml";
import type { YAMLSeq } from "yaml";
import type { YamlFile } from "./read-yaml.ts";

/** Where a block list's last item ends in the text: after its line, a comment behind it included. */
function endOfLastItem(text: string, list: YAMLSeq): number {
  const last = list.items.at(-1);
  const end = isNode(last) && last.range ? last.range[1] : text.length;
  if (text[end - 1] === "\n") return end;
  const newline = text.indexOf("\n", end);
  return newline < 0 ? text.length : newline + 1;
}

/** The item as lines of a block list; a mapping takes the form of the last one there. */
function itemLines(item: unknown, list: YAMLSeq, indentation: string): string {
  const likeness = list.items.findLast(isMap);
  const collectionStyle = likeness && !likeness.flow ? "block" : "flow";
  const lines = stringify(item, { collectionStyle, lineWidth: 0 }).replace(/\n$/, "").split("\n");
  return lines.map((line, index) => `${indentation}${index === 0 ? "- " : "  "}${line}\n`).join("");
}

/**
 * The text of a YAML file with one more item at the end of the list at `path`. In a block list every other
 * character stays as it is; a list in brackets, or one that is not there yet, is written anew with the file's comments
 * and order.
 */
export function insertItem(
  { text, document }: YamlFile,
  path: readonly string[],
  item: unknown,
): string {
  const list = document.getIn(path, true);
  if (!isSeq(list) || list.flow || list.items.length === 0 || !list.range) {
    const node = document.createNode(item, { flow: true });
    if (isSeq(list)) list.add(node);
    else if (path.length === 0) document.contents = document.createNode([node]) as never;
    else document.setIn(path, document.createNode([node]));
    return document.toString({ lineWidth: 0 });
  }
  const start = list.range[0];
  const indentation = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  const end = endOfLastItem(text, list);
  const before = text.slice(0, end);
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = itemLines(item, list, indentation).replaceAll("\n", newline);
  return `${before}${before.endsWith("\n") ? "" : newline}${lines}${text.slice(end)}`;
}
