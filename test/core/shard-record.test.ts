import { expect, test } from "vitest";
import { changedFields, tenantsOf } from "../../src/core/shard-record.ts";

const declared = { company: "A", state: "active", isolation: "shared" };
const record = { ...declared, version: 3, key: "before", objects: ["undeclared object: x"] };

test("what a record knows beside what was declared is no difference", () => {
  expect(changedFields(record, declared).size).toBe(0);
  expect(changedFields(record, { ...declared, restore: "a.tar.zst", renamedFrom: "b" }).size).toBe(
    0,
  );
});

test("each field that differs is told, and drift is something to put right", () => {
  const other = { company: "B", state: "active", isolation: "shared", pin: 2 };
  expect([...changedFields({ ...record, retention: 5, drift: ["missing right"] }, other)]).toEqual([
    ["company", "update"],
    ["drift", "delete"],
    ["pin", "add"],
    ["retention", "delete"],
  ]);
});

test("a clone of another kind is a difference, and one that is no longer said is none", () => {
  const clone = { from: "model", data: "full" };
  const began = { ...record, clone };
  expect(changedFields(began, { ...declared, clone }).size).toBe(0);
  expect(changedFields(began, declared).size).toBe(0);
  const another = { ...declared, clone: { ...clone, data: "masked", masking: {} } };
  expect([...changedFields(began, another)]).toEqual([["clone", "update"]]);
  expect([...changedFields(record, { ...declared, clone })]).toEqual([["clone", "update"]]);
});

test("what is no list of tenants has none", () => {
  expect(tenantsOf({ tenants: "unknown" }).size).toBe(0);
  expect([...tenantsOf({ tenants: { a: record, b: null } }).keys()]).toEqual(["a"]);
});
