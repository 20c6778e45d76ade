import fc from "fast-check";
import { expect, test } from "vitest";
import { suggest } from "../../src/core/suggest.ts";

const known = ["target", "tenants", "tenantsFile", "server", "isolation", "capacity"];

test.each([
  ["tenant", "tenants"],
  ["Tenants", "tenants"],
  ["capcity", "capacity"],
  ["sevrer", "server"],
  ["tenants_file", "tenantsFile"],
  ["isolaton", "isolation"],
])("%s was probably %s", (word, meant) => {
  expect(suggest(word, known)).toBe(meant);
});

test("a word like no other gets no suggestion", () => {
  expect(suggest("port", known)).toBeUndefined();
  expect(suggest("anything", [])).toBeUndefined();
});

test("one slip in a word is forgiven", () => {
  const slip = fc.record({
    word: fc.constantFrom(...known),
    at: fc.nat(),
    letter: fc.constant("x"),
  });
  fc.assert(
    fc.property(slip, ({ word, at, letter }) => {
      const index = at % word.length;
      const mistyped = word.slice(0, index) + letter + word.slice(index + 1);
      expect(suggest(mistyped, known)).toBe(word);
    }),
  );
});
