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

test("what an entry is about is told, though it stays the same", () => {
  const of = (generation: number) => ({ role: "nostromo_app", generation });
  expect(auditChanges(of(1), of(2))).toEqual([
    { name: "role", before: undefined, after: "nostromo_app" },
    { name: "generation", before: 1, after: 2 },
  ]);
});
