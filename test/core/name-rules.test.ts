import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_IDENTIFIER_BYTES } from "../../src/core/identifier.ts";
import {
  columnNameProblem,
  foldName,
  objectNameProblem,
  tenantIdProblem,
} from "../../src/core/name-rules.ts";
import { tenantSchema } from "../../src/core/names.ts";
import { tenantAccess, tenantGroup } from "../../src/core/roles.ts";
import { memberNames } from "../../src/core/rotation.ts";

describe("a tenant's id", () => {
  test.each(["empresa_123", "a", "x".repeat(48), "user", "select", "apg_1"])("may be %s", (id) => {
    expect(tenantIdProblem(id)).toBeUndefined();
  });

  test.each([
    ["Empresa", "must begin with a letter a-z and hold only a-z, 0-9 and _: write empresa"],
    ["Ñandú S.A.", "must begin with a letter a-z and hold only a-z, 0-9 and _: write nandu_s_a"],
    ["1st", "must begin with a letter a-z and hold only a-z, 0-9 and _: write st"],
    ["日本", "must begin with a letter a-z and hold only a-z, 0-9 and _"],
    ["", "must begin with a letter a-z and hold only a-z, 0-9 and _"],
    ["x".repeat(49), /^has 49 characters, at most 48/],
    ["pg_catalog", "must not begin with pg_, which is PostgreSQL's own prefix"],
    ["PG_x", "must not begin with pg_, which is PostgreSQL's own prefix"],
    ["tenant_a", /^must not begin with tenant_/],
    ["default", /^is a reserved word/],
    ["central", /^is a reserved word/],
  ])("may not be %j", (id, rule) => {
    expect(tenantIdProblem(id)).toMatch(rule);
  });

  test.each(['a"b', "a'b", "a;drop schema central", "a b", "a-b", "a\n", "a\0", "a.b"])(
    "may not be %j, which would need quotes",
    (id) => {
      expect(tenantIdProblem(id)).toMatch(/^must begin with a letter/);
    },
  );

  test("that is allowed gives a schema's name that PostgreSQL keeps whole, and needs no quotes", () => {
    const almost = fc.stringMatching(/^[A-Za-z0-9_ñ]{1,60}$/);
    const plain = fc.stringMatching(/^[a-z][a-z0-9_]{0,60}$/);
    fc.assert(
      fc.property(fc.oneof(plain, almost, fc.string({ unit: "binary" })), (id) => {
        if (tenantIdProblem(id) !== undefined) return;
        expect(Buffer.byteLength(tenantSchema(id))).toBeLessThanOrEqual(MAX_IDENTIFIER_BYTES);
        expect(tenantSchema(id)).toMatch(/^[a-z_][a-z0-9_]*$/);
      }),
    );
  });

  test("that a rule proposes is allowed itself", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (id) => {
        const proposal = /: write (\S+)$/.exec(tenantIdProblem(id) ?? "")?.[1];
        if (proposal !== undefined) expect(tenantIdProblem(proposal)).toBeUndefined();
      }),
    );
  });
});

test.each(["postgres", "public", "replication", "all", "pg_monitor", "tenant_x", "A"])(
  "neither a role nor the database may be %s",
  (name) => {
    expect(objectNameProblem(name)).toBeDefined();
  },
);

test("what is made of the longest role still fits", () => {
  const longest = "r".repeat(48);
  expect(objectNameProblem(longest)).toBeUndefined();
  const roles = { user: longest };
  for (const name of [tenantGroup(roles), tenantAccess(roles), ...memberNames(longest)])
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(MAX_IDENTIFIER_BYTES);
});

test("the partition key may not be a column that every table has", () => {
  expect(columnNameProblem("isp_id")).toBeUndefined();
  expect(columnNameProblem("id")).toMatch(/have already/);
  expect(columnNameProblem("xmin")).toMatch(/have already/);
});

test("names that differ by case or by width fold alike", () => {
  expect(foldName("Empresa")).toBe(foldName("empresa"));
  expect(foldName("ｅmpresa")).toBe(foldName("empresa"));
});
