import { expect, test } from "vitest";
import { errorReference } from "../../src/core/error-reference.ts";
import { ERRORS } from "../../src/core/error-table.ts";

test("every error has its place in the reference, in order and once", () => {
  const codes = [...errorReference().matchAll(/^### (TNT-\d+)$/gm)].map(([, code]) => code);
  expect(codes).toEqual(Object.keys(ERRORS).sort());
});

test.each(Object.entries(ERRORS))("%s has a title, and a remedy in whole sentences", (_, entry) => {
  expect(entry.title).toMatch(/^\S.*[^.\s]$/);
  expect(entry.remedy).toMatch(/^\S.*\.$/s);
});
