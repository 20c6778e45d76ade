import fc from "fast-check";
import { expect, test } from "vitest";
import { ignoreChanges, parsePropertyPath, pathContains } from "../../src/engine/property-path.ts";
import { secret } from "../../src/protocol/values.ts";
import type { Properties } from "../../src/protocol/values.ts";

test.each([
  ["a", ["a"]],
  ["a.b[0].c", ["a", "b", "0", "c"]],
  ['a["x.y"].*', ["a", "x.y", "*"]],
  ['["quote \\" in it"]', ['quote " in it']],
  ["*", ["*"]],
])("the path %s", (text, path) => {
  expect(parsePropertyPath(text)).toEqual(path);
});

test("a pattern holds what is at or below it", () => {
  const holds = (pattern: string, path: string): boolean =>
    pathContains(parsePropertyPath(pattern), parsePropertyPath(path));
  expect(holds("a.*.c", "a.b.c.d")).toBe(true);
  expect(holds("a", "ab")).toBe(false);
  expect(holds("a.b", "a")).toBe(false);
});

test.each<[string, Properties, Properties, string[], Properties]>([
  ["a value", { a: 2, b: 2 }, { a: 1, b: 1 }, ["a"], { a: 1, b: 2 }],
  ["one that is new", { a: 2 }, {}, ["a"], {}],
  ["one that went", {}, { a: 1 }, ["a"], { a: 1 }],
  ["one deep inside", { a: { b: 2, c: 2 } }, { a: { b: 1, c: 1 } }, ["a.b"], { a: { b: 1, c: 2 } }],
  [
    "all of a list",
    { a: [{ b: 2 }, { b: 3 }] },
    { a: [{ b: 1 }] },
    ["a[*].b"],
    { a: [{ b: 1 }, {}] },
  ],
  [
    "inside a secret",
    { a: secret({ b: 2 }) },
    { a: secret({ b: 1 }) },
    ["a.b"],
    { a: secret({ b: 1 }) },
  ],
  ["everything", { a: 2, b: 2 }, { a: 1 }, ["*"], { a: 1 }],
  ["what is not there", { a: 2 }, { a: 1 }, ["x.y"], { a: 2 }],
])("ignoring %s", (_what, news, olds, paths, expected) => {
  expect(ignoreChanges(news, olds, paths)).toEqual(expected);
});

test("ignoring everything gives the old, ignoring nothing the new", () => {
  const properties = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,3}$/),
    fc.jsonValue(),
  ) as fc.Arbitrary<Properties>;
  fc.assert(
    fc.property(properties, properties, (news, olds) => {
      expect(ignoreChanges(news, olds, ["*"])).toEqual(olds);
      expect(ignoreChanges(news, olds, [])).toEqual(news);
    }),
  );
});
