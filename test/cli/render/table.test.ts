import fc from "fast-check";
import stringWidth from "string-width";
import { expect, it } from "vitest";
import { cut } from "../../../src/cli/render/cut.ts";
import { printable } from "../../../src/cli/render/printable.ts";
import { table } from "../../../src/cli/render/table.ts";

const COLUMNS = [
  { title: "PID", align: "right" },
  { title: "ROLE", spare: 1 },
  { title: "STATE", spare: 2 },
  { title: "QUERY" },
] as const;
const ROWS = [
  ["1", "nostromo_user", "active", "select names from employees where rut = ?"],
  ["12345", "x", "idle in transaction", "commit"],
];
const shown = (width: number): string[] => table(COLUMNS, ROWS, width).map(({ text }) => text);

it("is whole for another program", () => {
  expect(shown(Infinity)).toEqual([
    "  PID  ROLE           STATE                QUERY",
    "    1  nostromo_user  active               select names from employees where rut = ?",
    "12345  x              idle in transaction  commit",
  ]);
});

it("loses spare columns and the ends of lines where the terminal is narrow", () => {
  expect(shown(60)).toEqual([
    "  PID  ROLE           STATE                QUERY",
    "    1  nostromo_user  active               select names fro…",
    "12345  x              idle in transaction  commit",
  ]);
  expect(shown(40)).toEqual([
    "  PID  ROLE           QUERY",
    "    1  nostromo_user  select names from…",
    "12345  x              commit",
  ]);
  expect(shown(20)).toEqual(["  PID  QUERY", "    1  select names…", "12345  commit"]);
});

it("keeps each row on one line that fits, whatever stands in it", () => {
  const text = fc.string({ unit: "binary", maxLength: 60 });
  const row = fc.tuple(text, text, text, text);
  fc.assert(
    fc.property(fc.array(row), fc.constantFrom(40, 80, 133), (rows, width) => {
      const lines = table(COLUMNS, rows, width);
      expect(lines).toHaveLength(rows.length + 1);
      for (const { text: line } of lines) {
        expect(stringWidth(line)).toBeLessThanOrEqual(width);
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }
    }),
  );
});

it("shows what would act on the terminal as its number", () => {
  expect(printable('\u001b[31m"Näme" <b>\r\n\u202e日本\u0000\u009b')).toBe(
    '\\u{1b}[31m"Näme" <b>\\u{d}\\u{a}\\u{202e}日本\\u{0}\\u{9b}',
  );
});

it("cuts between characters as people see them", () => {
  expect(cut("日本語", 6)).toBe("日本語");
  expect(cut("日本語", 5)).toBe("日本…");
  expect(cut("👩‍👩‍👧x", 2)).toBe("…");
  expect(cut("abc", 0)).toBe("");
});
