import { expect, test } from "vitest";
import { auditChanges } from "../../src/core/audit-change.ts";

test("of two records what differs is told, of one all of it", () => {
  const registry = { id: "a", state: "active", pin: null, stack: "s" };
  expect(auditChanges(registry, { id: "a", state: "suspended" })).toEqual([
    { name: "state", before: "active", after: "suspended" },
  ]);
  expect(auditChanges(null, { version: 3 })).toEqual([
    { name: "version", before: undefined, after: 3 },
  ]);
  expect(auditChanges({ id: "a" }, null)).toEqual([{ name: "id", before: "a", after: undefined }]);
  expect(auditChanges(["x"], null)).toEqual([{ name: "", before: ["x"], after: undefined }]);
  expect(auditChanges(null, null)).toEqual([]);
});
