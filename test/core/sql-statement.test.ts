import fc from "fast-check";
import { loadModule } from "libpg-query";
import { beforeAll, describe, expect, it } from "vitest";
import { scanSql } from "../../src/core/sql-scanner.ts";
import { splitSql } from "../../src/core/sql-statement.ts";
import { countStatements } from "../support/count-statements.ts";

beforeAll(() => loadModule());

const texts = (sql: string) => splitSql(sql, "f.sql").map(({ text }) => text);

/** Pieces that hold semicolons PostgreSQL does not end a statement at. */
const TRAPS = [
  "select ';'",
  "select 'it''s; ok'",
  "select E'\\';' || e'\\\\'",
  'select 1 as "a;""b"',
  "select $$;$$",
  "select $tag$ ; $$ ; $tag$",
  "select a$b$c from (select 1 as a$b$c) x",
  "select 1 -- ; not here\n",
  "select /* ; /* nested; */ ' ; */ 1",
  "create rule r as on insert to t do (select 1; select 2)",
  "create function f() returns int language sql begin atomic select case when true then 1 else 2 end; select 2; end",
  "create function g() returns void language plpgsql as $$ begin perform 1; end $$",
  "begin",
  "select case when 1 = 1 then 2 end",
  "select 'ñ😀;'",
];

describe("splitSql", () => {
  it("says the text and the line of each statement", () => {
    const sql = "-- first\nselect 1;\n\n/* two\nlines */ select\n  2 ; ;\nselect 3";
    expect(splitSql(sql, "a.sql")).toEqual([
      { text: "select 1", file: "a.sql", line: 2 },
      { text: "select\n  2", file: "a.sql", line: 5 },
      { text: "select 3", file: "a.sql", line: 7 },
    ]);
  });

  it("divides as PostgreSQL's own parser does", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...TRAPS), { minLength: 1, maxLength: 6 }),
        fc.constantFrom(";\n", "\n;\n-- between ;\n", "\n;/* ; */\n"),
        (statements, separator) => {
          const sql = statements.join(separator);
          const own = texts(sql);
          expect(own).toHaveLength(countStatements(sql));
          for (const text of own) expect(countStatements(text)).toBe(1);
        },
      ),
    );
  });

  it("loses nothing: the pieces of a text are the text", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...TRAPS, "\n", " ", ";")), (parts) => {
        const sql = parts.join("\n");
        const pieces = scanSql(sql, "f.sql");
        expect(pieces.map(({ start, end }) => sql.slice(start, end)).join("")).toBe(sql);
      }),
    );
  });

  it.each([
    ["select 1;\nselect 'x", "'", 2],
    ['select "x', '"', 1],
    ["\n\n/* a /* b */", "/*", 3],
    ["select $a$ $b$", "$a$", 1],
  ])("refuses %j", (sql, mark, line) => {
    expect(() => texts(sql)).toThrow(`f.sql:${line}: ${mark} opens`);
  });
});
