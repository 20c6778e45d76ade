import { expect, test } from "vitest";
import { PreparedStatements } from "../../src/runtime/prepared-statements.ts";

test("a text is sent once, and again under another name when it was forgotten", () => {
  const prepared = new PreparedStatements({ direct: true });
  expect(prepared.use("select 1")).toEqual({ name: "tenantry_1", isNew: true });
  expect(prepared.use("select 2")).toEqual({ name: "tenantry_2", isNew: true });
  expect(prepared.use("select 1")).toEqual({ name: "tenantry_1", isNew: false });
  prepared.forget();
  expect(prepared.use("select 1")).toEqual({ name: "tenantry_3", isNew: true });
});

test("behind a pooler nothing has a name", () => {
  const prepared = new PreparedStatements({ direct: false });
  for (let times = 0; times < 2; times += 1)
    expect(prepared.use("select 1")).toEqual({ name: "", isNew: true });
});
