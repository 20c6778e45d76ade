import { execFileSync } from "node:child_process";
import fc from "fast-check";
import stringWidth from "string-width";
import { expect, test } from "vitest";
import { columns } from "../../../src/cli/render/columns.ts";
import { shellQuote } from "../../../src/cli/render/shell-quote.ts";
import { hang, wrap } from "../../../src/cli/render/wrap.ts";

test("a table keeps every value whole and its columns straight", () => {
  const rows = [
    ["a", "1", "Ñandú SpA"],
    ["empresa_123", "12,345", "日本"],
  ];
  expect(
    columns([{ title: "ID" }, { title: "N", align: "right" }, { title: "NAME" }], rows),
  ).toEqual([
    "ID                N  NAME",
    "a                 1  Ñandú SpA",
    "empresa_123  12,345  日本",
  ]);
  expect(columns([{ title: "ID" }], [])).toEqual(["ID"]);
});

test("wrapping loses nothing and keeps to the width", () => {
  const words = fc.array(fc.stringMatching(/^[a-zñ]{1,12}$/), { minLength: 1 });
  fc.assert(
    fc.property(words, fc.integer({ min: 12, max: 40 }), (list, width) => {
      const lines = wrap(list.join(" "), width);
      expect(lines.join(" ")).toBe(list.join(" "));
      expect(Math.max(...lines.map((text) => stringWidth(text)))).toBeLessThanOrEqual(width);
    }),
  );
  expect(hang("head", "one two three four five six seven", 8, 40)).toEqual([
    "head    one two three four five six",
    "        seven",
  ]);
});

test("what is quoted for the shell comes back as it was", () => {
  const text = fc.string({ unit: "grapheme" }).filter((value) => !value.includes("\0"));
  fc.assert(
    fc.property(text, (value) => {
      const script = `printf %s ${shellQuote(value)}`;
      expect(execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" })).toBe(value);
    }),
    { numRuns: 60, examples: [["it's"], ["a b"], ['$HOME `id` \\ "'], ["-n"], [""], ["\n"]] },
  );
});
