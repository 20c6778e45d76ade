import type { Document } from "yaml";
import { LineCounter, isNode, parseDocument } from "yaml";
import { TenantryError } from "../core/errors.ts";
import { readText } from "./read-text.ts";
import type { YamlSource } from "./settings-source.ts";

export interface YamlFile extends YamlSource {
  readonly lineOf: (path: readonly PropertyKey[]) => number | undefined;
  readonly text: string;
  readonly document: Document.Parsed;
}

/**
 * Reads a YAML file of the project.
 *
 * @param file relative to `root`
 * @throws {TenantryError} TNT-113 with line and column when it is no YAML; TNT-114 when it cannot be read
 */
export function readYaml(root: string, file: string): YamlFile {
  return parseYaml(file, readText(root, file));
}

/** @throws {TenantryError} TNT-113 with line and column when it is no YAML */
export function parseYaml(file: string, text: string): YamlFile {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ message, pos: [start] }) => {
      const { line, col } = lineCounter.linePos(start);
      return `${file}:${line}:${col}: ${message}`;
    });
    throw new TenantryError("TNT-113", { file, problems });
  }
  const lineOf = (path: readonly PropertyKey[]): number | undefined => {
    // A missing key has no place of its own: its mapping has.
    for (let length = path.length; length >= 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return lineCounter.linePos(node.range[0]).line;
    }
    return undefined;
  };
  return { file, text, document, value: document.toJS() as unknown, lineOf };
}
