import fc from "fast-check";
import { expect, test } from "vitest";
import { detailedDiff } from "../../src/protocol/detailed-diff.ts";
import { UNKNOWN, sameValue, secret } from "../../src/protocol/values.ts";
import type { Properties, Value } from "../../src/protocol/values.ts";

const key = fc.oneof(fc.constantFrom("a", "b", "spec"), fc.string());
const { properties } = fc.letrec<{ value: Value; properties: Properties }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Value>(true, false, 0, 1, "x", "y"),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("properties"),
  ),
  properties: fc.dictionary(key, tie("value"), { maxKeys: 4 }),
}));

test("nothing differs from itself, secret or not", () => {
  fc.assert(
    fc.property(properties, (value) => {
      expect(detailedDiff(value, value)).toEqual({});
      expect(detailedDiff({ value }, { value: secret(value) })).toEqual({});
    }),
  );
});

test("something is reported exactly when the values differ, and the other way round inverted", () => {
  fc.assert(
    fc.property(properties, properties, (olds, news) => {
      const forth = detailedDiff(olds, news);
      const back = detailedDiff(news, olds);
      if (sameValue(olds, news)) expect(forth).toEqual({});
      expect(Object.keys(forth).sort()).toEqual(Object.keys(back).sort());
      const inverse = { add: "delete", delete: "add", update: "update" } as Record<string, string>;
      for (const [path, { diffKind }] of Object.entries(forth))
        expect(back[path]?.diffKind).toBe(inverse[diffKind]);
    }),
  );
});

test("paths lead to the field that differs", () => {
  const olds: Properties = { spec: { company: "a" }, "a.b": 1, list: [{ x: 1 }, 2], none: null };
  const news: Properties = { spec: { company: UNKNOWN }, "a.b": 2, list: [{ x: 2 }], more: {} };
  expect(
    Object.fromEntries(
      Object.entries(detailedDiff(olds, news)).map(([path, { diffKind }]) => [path, diffKind]),
    ),
  ).toEqual({
    "spec.company": "update",
    '["a.b"]': "update",
    "list[0].x": "update",
    "list[1]": "delete",
    more: "add",
  });
});
