import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fillPlaceholders, isConcurrent } from "../../src/core/sql-placeholders.ts";

const fill = (text: string, values: Record<string, string>) =>
  fillPlaceholders({ text, file: "sql/a.sql", line: 10 }, values).text;

describe("fillPlaceholders", () => {
  it("fills names as identifiers, texts as literals and :concurrently as it is", () => {
    const values = { owner: 'o"w', id: "it's", concurrently: "concurrently" };
    expect(fill(`grant x to :"owner"; select :'id' :concurrently`, values)).toBe(
      `grant x to "o""w"; select 'it''s' concurrently`,
    );
    expect(fill("create index :concurrently on t (x)", { concurrently: "" })).toBe(
      "create index  on t (x)",
    );
  });

  it("leaves casts, quotes and comments alone", () => {
    const sql = `select 'a :"x" b', 1::"Type", now()::date, $$ :'id' $$ /* :x */ -- :"y"`;
    expect(fill(sql, {})).toBe(sql);
  });

  it.each([
    [`select\n  :"nobody"`, ':"nobody"'],
    [`select\n  :'nobody'`, ":'nobody'"],
    [`select\n  :nobody`, ":nobody"],
    [`select\n  :schema`, ":schema"],
    [`select\n  :"toString"`, ':"toString"'],
    [`select\n  :"concurrently"`, ':"concurrently"'],
  ])("refuses %j, naming file and line", (sql, shown) => {
    expect(() => fill(sql, { schema: "s", concurrently: "" })).toThrow(
      `sql/a.sql:11: ${shown} is no placeholder`,
    );
  });

  it("keeps whatever value within one identifier or literal", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 15 }).filter((text) => !text.includes("\0")),
        (value) => {
          const identifier = fill(`:"v"`, { v: value });
          expect(identifier.slice(1, -1).replaceAll('""', "")).not.toContain('"');
          expect(identifier.slice(1, -1).replaceAll('""', '"')).toBe(value);
          const literal = fill(`:'v'`, { v: value });
          const body = literal.replace(/^ E/, "").slice(1, -1);
          expect(body.replaceAll("''", "").replaceAll("\\\\", "")).not.toMatch(/['\\]/);
        },
      ),
    );
  });

  it("knows which statements have :concurrently", () => {
    const has = (text: string) => isConcurrent({ text, file: "f" });
    expect(has("create index :concurrently on t (x)")).toBe(true);
    expect(has("select ':concurrently'")).toBe(false);
    expect(has("select x::concurrently")).toBe(false);
  });
});
