import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { INDICADORES, parseIndicadores } from "../../src/core/indicadores.ts";

const header = "indicador,fecha,valor";
const problemsIn = (...lines: string[]): string[] =>
  parseIndicadores([header, ...lines].join("\n")).problems.map(
    ({ line, problem }) => `${line}: ${problem}`,
  );

describe("parseIndicadores", () => {
  test("reads values as they are written, without losing a digit", () => {
    expect(parseIndicadores(`${header}\nUF,2026-01-31,39485.65\nIPC,2026-01-01,-0.1\n`)).toEqual({
      rows: [
        { indicador: "UF", fecha: "2026-01-31", valor: "39485.65" },
        { indicador: "IPC", fecha: "2026-01-01", valor: "-0.1" },
      ],
      problems: [],
    });
  });

  test("reads what a spreadsheet set up for Chile writes", () => {
    const text = '\uFEFF"Indicador";"Fecha";"Valor"\r\n"UF";"2026-01-31";"39485,65"\r\n\r\n';
    expect(parseIndicadores(text).rows).toEqual([
      { indicador: "UF", fecha: "2026-01-31", valor: "39485.65" },
    ]);
  });

  test.each([
    ["", "1: the header must be"],
    ["fecha,valor\n2026-01-01,1", "1: the header must be"],
    [header, "1: no line follows"],
  ])("refuses %j as a whole", (text, expected) => {
    const { rows, problems } = parseIndicadores(text);
    expect(rows).toEqual([]);
    expect(problems.map(({ line, problem }) => `${line}: ${problem}`)).toEqual([
      expect.stringContaining(expected),
    ]);
  });

  test.each([
    ["UF,2026-01-31", "2: has 2 fields instead of 3"],
    ["UF,2026-01-31,39485,65", "2: has 4 fields instead of 3"],
    ["uf,2026-01-31,1", '2: indicador is "uf"'],
    ["UF,31-01-2026,1", '2: fecha is "31-01-2026"'],
    ["UF,2026-02-30,1", '2: fecha is "2026-02-30"'],
    ["UTM,2026-01-31,1", "2: fecha is 2026-01-31: a monthly indicator"],
    ["UF,2026-01-31,39.485.65", '2: valor is "39.485.65"'],
    ["UF,2026-01-31,1e3", '2: valor is "1e3"'],
    ["UF,2026-01-31,1.23456", '2: valor is "1.23456"'],
    ["UF,2026-01-31,0", "2: valor is 0: it must be above zero"],
  ])("refuses the line %s", (line, expected) => {
    expect(problemsIn(line)).toEqual([expect.stringContaining(expected)]);
  });

  test("reports every mistake of every line, and gives no rows", () => {
    expect(problemsIn("XX,tomorrow,much", "UF,2026-01-31,1", "", "UF,2026-01-31,2")).toEqual([
      expect.stringMatching(/^2: indicador/),
      expect.stringMatching(/^2: fecha/),
      expect.stringMatching(/^2: valor/),
      "5: gives UF 2026-01-31 again, after line 3",
    ]);
  });

  test("reads back whatever it should accept", () => {
    const date = fc
      .date({ min: new Date("1900-01-01"), max: new Date("2099-12-31"), noInvalidDate: true })
      .map((value) => value.toISOString().slice(0, 10));
    const row = fc
      .record({
        indicador: fc.constantFrom(...INDICADORES),
        fecha: date,
        valor: fc.integer({ min: 1, max: 99_999_999_9999 }).map((n) => (n / 10_000).toFixed(4)),
      })
      .map((r) => (r.indicador === "UF" ? r : { ...r, fecha: `${r.fecha.slice(0, 8)}01` }));
    const rows = fc.uniqueArray(row, {
      minLength: 1,
      selector: ({ indicador, fecha }) => `${indicador} ${fecha}`,
    });
    fc.assert(
      fc.property(rows, (expected) => {
        const lines = expected.map((r) => `${r.indicador},${r.fecha},${r.valor}`);
        expect(parseIndicadores([header, ...lines].join("\n"))).toEqual({
          rows: expected,
          problems: [],
        });
      }),
    );
  });
});
