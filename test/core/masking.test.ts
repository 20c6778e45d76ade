import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maskExpression, maskingProblems } from "../../src/core/masking.ts";
import type { MaskRule, MaskableColumn, MaskingRules } from "../../src/core/masking.ts";
import { selectRows } from "../../src/core/row-selection.ts";

const column = (name: string, more: Partial<MaskableColumn> = {}): MaskableColumn => ({
  ...{ name, isText: true, notNull: false, isUnique: false },
  ...more,
});
const rulesOf = (table: string, rules: Record<string, MaskRule>): MaskingRules => ({
  tenant: { [table]: rules },
  central: {},
});
const problems = (rule: MaskRule, more: Partial<MaskableColumn> = {}): string[] =>
  maskingProblems(rulesOf("t", { c: rule }), [
    { place: "tenant", name: "t", columns: [column("c", more)] },
  ]);

describe("no column without a rule", () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 8 });

  test("whatever the names: each one that has none is told", () => {
    fc.assert(
      fc.property(
        names,
        fc.func(fc.boolean()),
        fc.string({ minLength: 1 }),
        (all, hasRule, table) => {
          const ruled = all.filter((name) => hasRule(name));
          const rules = Object.fromEntries(ruled.map((name) => [name, "keep" as const]));
          const columns = all.map((name) => column(name));
          expect(
            maskingProblems(rulesOf(table, rules), [{ place: "tenant", name: table, columns }]),
          ).toEqual(
            all
              .filter((name) => !ruled.includes(name))
              .map((name) => `${table}.${name} has no rule`),
          );
        },
      ),
    );
  });

  test("names that every object has are no rules", () => {
    const columns = [column("constructor"), column("__proto__"), column("toString")];
    const table = { place: "tenant", name: "t", columns } as const;
    expect(maskingProblems(rulesOf("t", {}), [table])).toHaveLength(3);
    expect(
      maskingProblems({ tenant: {}, central: {} }, [{ ...table, name: "constructor" }]),
    ).toHaveLength(3);
  });

  test("the rules of a tenant's table are not those of one in central", () => {
    const users = { name: "users", columns: [column("email")] };
    expect(
      maskingProblems(rulesOf("users", { email: "keep" }), [
        { place: "tenant", ...users },
        { place: "central", ...users },
      ]),
    ).toEqual(["central.users.email has no rule"]);
  });

  test("an expression is never made up for one", () => {
    expect(() => maskExpression(undefined, "c")).toThrow(/no masking rule/);
    expect(() =>
      selectRows({ place: "tenant", name: "t", columns: ["c"] }, "x", () => ({
        rule: undefined,
        isText: true,
      })),
    ).toThrow(/no masking rule/);
  });
});

test("a rule fits its column", () => {
  expect(problems("null", { notNull: true })).toEqual([
    "t.c may not be null, as its rule wants it",
  ]);
  expect(problems({ text: "a{hash}" }, { isText: false })).toEqual([
    "t.c is no text, so that no {hash} fits it",
  ]);
  expect(problems({ text: "same" }, { isUnique: true })).toEqual([
    "t.c is unique, and its rule gives each row the same text",
  ]);
  for (const rule of ["keep", { sql: "1" }, { text: "{hash}" }] as const)
    expect(problems(rule, { notNull: true, isUnique: true })).toEqual([]);
  expect(problems({ text: "2000-01-01" }, { isText: false })).toEqual([]);
});

test("what a rule comes to", () => {
  const expression = (rule: MaskRule): string => maskExpression(rule, 'a "b"');
  expect(expression("keep")).toBe('"a ""b"""');
  expect(expression("null")).toBe("null");
  expect(expression({ sql: "x -- why" })).toBe("(x -- why\n)");
  expect(expression({ text: "it's" })).toBe(`case when "a ""b""" is not null then 'it''s' end`);
  expect(expression({ text: "N {hash}!" })).toBe(
    `case when "a ""b""" is not null then 'N ' || pg_temp.mask_hash("a ""b"""::text) || '!' end`,
  );
});

test("the rows that are selected", () => {
  const table = { place: "tenant", name: "t", columns: ["a", "b"] } as const;
  expect(selectRows(table, "x").query).toBe('select "a", "b" from "tenant_x"."t"');
  expect(selectRows({ ...table, place: "central", columns: [] }, "x").query).toBe(
    `select  from "central"."t" where tenant_id = 'x'`,
  );
});
