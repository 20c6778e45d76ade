import fc from "fast-check";
import { expect, it } from "vitest";
import { caretAt, lineAt, offsetOf } from "../../src/core/text-position.ts";

it("tells the line of an offset", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("a", "\n", "ñ", "😀")), fc.nat(20), (parts, at) => {
      const text = parts.join("");
      const offset = Math.min(at, text.length);
      expect(lineAt(text, offset)).toBe(text.slice(0, offset).split("\n").length);
    }),
  );
});

it("counts characters as PostgreSQL does", () => {
  expect(offsetOf("a😀b", 1)).toBe(0);
  expect(offsetOf("a😀b", 2)).toBe(1);
  expect(offsetOf("a😀b", 3)).toBe(3);
  expect(offsetOf("ab", 9)).toBe(2);
});

it("draws the caret under the place", () => {
  expect(caretAt("select\n\tone two\n", 12)).toBe("\tone two\n\t    ^");
  expect(caretAt("x", 0)).toBe("x\n^");
  expect(caretAt("ab", 2)).toBe("ab\n  ^");
});
