import { expect, test } from "vitest";
import { ERRORS } from "../../src/core/error-table.ts";
import { explainError, tenantIn } from "../../src/core/explain/explain-error.ts";
import { explainTenant } from "../../src/core/explain/explain-tenant.ts";
import { POSTGRES_ERRORS } from "../../src/core/explain/postgres-errors.ts";

const codes = (text: string): string[] => explainError(text).map(({ code }) => code);

test.each([
  ["TNT-415", ["TNT-415"]],
  ["53300", ["53300"]],
  ["SQLSTATE 53300", ["53300"]],
  ["error: sorry, too many clients already", ["53300"]],
  ["FATAL: remaining connection slots are reserved for roles with SUPERUSER", ["53300"]],
  ['ERROR:  schema "tenant_x" does not exist at character 3', ["3F000"]],
  ['relation "payroll" does not exist', ["42P01"]],
  ["connect ECONNREFUSED 127.0.0.1:5432", ["ECONNREFUSED"]],
  ["x.sql:1: permission denied (SQLSTATE 42501). [TNT-506]", ["TNT-506", "42501"]],
  ["54000", ["54000"]],
  ["hello WORLD", []],
  ["TNT-999", []],
  ["", []],
])("%j is %j", (text, expected) => {
  expect(codes(text)).toEqual(expected);
});

test("every entry is whole, and our own codes are explained by the table of errors", () => {
  for (const [code, { title, meaning }] of Object.entries(POSTGRES_ERRORS)) {
    expect(codes(code)).toEqual([code]);
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(meaning).toMatch(/^[A-Z].*\.$/s);
  }
  expect(explainError("TNT-608")).toEqual([
    {
      code: "TNT-608",
      title: ERRORS["TNT-608"].title,
      meaning: ERRORS["TNT-608"].remedy,
      next: [],
    },
  ]);
});

test.each([
  ['schema "tenant_empresa_123" does not exist', "empresa_123"],
  ['relation "tenant_empresa_123.payroll" does not exist', "empresa_123"],
  ['The tenant "empresa_9" cannot be changed', "empresa_9"],
  ['column "tenant_id" does not exist', undefined],
  [`schema "tenant_${"x".repeat(60)}" does not exist`, undefined],
  ["53300", undefined],
])("%j is about %j", (text, id) => {
  expect(tenantIn(text)).toBe(id);
});

test("of a tenant its state is told, and what to run next", () => {
  const none = {
    ...{ registry: null, schemaIsThere: false, renamedTo: null, tombstone: null },
    ids: ["empresa_123", "other"],
  };
  const registry = { state: "active" as const, version: 3, stack: "s", failure: null };
  const say = (traces: Partial<Parameters<typeof explainTenant>[1]>, declared: string[] = []) => {
    const { state, next } = explainTenant("emrpesa_123", { ...none, ...traces }, declared);
    return [state, ...next];
  };
  expect(say({})).toEqual([
    "was never there. Did you mean empresa_123 (schema tenant_empresa_123)?",
  ]);
  expect(say({ ids: [] })[1]).toBe("npx tenantry list");
  expect(say({}, ["emrpesa_123"])[1]).toBe("npx tenantry up");
  expect(say({ renamedTo: "new" })[0]).toContain("is called new");
  expect(say({ tombstone: { removedAt: "2030", archive: "/a.tar" } })).toEqual([
    "was removed on 2030",
    "npx tenantry restore /a.tar --as emrpesa_123",
  ]);
  expect(say({ tombstone: { removedAt: "2030", archive: null } })[1]).toContain("log");
  expect(say({ schemaIsThere: true })[0]).toContain("DOC-11");
  expect(say({ registry })[0]).toContain("DOC-10");
  const there = { schemaIsThere: true };
  expect(say({ registry, ...there })[0]).toBe("is active at migration 3, and its schema is there");
  expect(say({ registry: { ...registry, state: "suspended" }, ...there })[0]).toMatch(
    /^is suspended/,
  );
  expect(say({ registry: { ...registry, failure: "no\nmore" }, ...there })[0]).toContain("3: no");
});
