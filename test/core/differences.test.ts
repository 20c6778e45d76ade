import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareObjects, objectOf, withChanges } from "../../src/core/differences.ts";

const lines = fc.uniqueArray(
  fc.constantFrom("table a", "column a.b: text", "column a.b: text not null", 'column a."b: c": x'),
);

describe("compareObjects", () => {
  it("tells a changed object once, whatever is in its name", () => {
    expect(
      compareObjects(
        ['column t."a: ""b": text', "table t", "index i on t: btree (x)"],
        ['column t."a: ""b": integer', "table t", "view v: definition 1"],
      ),
    ).toEqual({
      missing: ["index i on t: btree (x)"],
      undeclared: ["view v: definition 1"],
      changed: [{ name: 'column t."a: ""b"', expected: "text", actual: "integer" }],
    });
  });

  it("finds nothing between a list and itself in another order", () => {
    fc.assert(
      fc.property(lines, (list) => {
        const nothing = { missing: [], undeclared: [], changed: [] };
        expect(compareObjects(list, list.toReversed())).toEqual(nothing);
      }),
    );
  });
});

it("a definition may hold anything", () => {
  expect(objectOf("column a.b: text default 'x: y'\nz")).toEqual({
    name: "column a.b",
    definition: "text default 'x: y'\nz",
  });
});

it("a change moves what should be there, and leaves earlier differences differences", () => {
  const [expected, before, after] = [
    ["a", "b"],
    ["b", "extra"],
    ["c", "extra"],
  ];
  expect(withChanges(expected, before, after)).toEqual(["a", "c"]);
  fc.assert(
    fc.property(lines, lines, (was, is) => {
      expect(withChanges(was, was, is)).toEqual(is.toSorted());
    }),
  );
});
