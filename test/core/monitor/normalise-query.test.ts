import fc from "fast-check";
import { expect, it } from "vitest";
import { normaliseQuery } from "../../../src/core/monitor/normalise-query.ts";

it.each([
  ["select * from employees where rut = '12345678-5'", "select * from employees where rut = ?"],
  ["select 1, -2.5e-10, 0xFF, 1_000, .5, 1.", "select ?, -?, ..."],
  ["select a1, t2.c3 from tenant_empresa_123.t2", "select a1, t2.c3 from tenant_empresa_123.t2"],
  ["select 'it''s', e'it\\'s 1', E'\\\\', n'x', b'01', x'1F'", "select ?, ..."],
  ["select u&'d\\0061t' uescape '\\'", "select ? uescape ? ..."],
  ["select $$it's$$, $a$ $$ 5 $a$, $1, $23", "select ?, ..."],
  ["select a$b$c, a$1 from t", "select a$b$c, a$1 from t"],
  ['select "Odd ""1""" from "t 2"', 'select "Odd ""1""" from "t 2"'],
  ["select /* 12 /* 3 */ */ a -- 45\n, b", "select a , b"],
  [
    "select '2026-01-01'::date, date '2026-01-01', x::numeric(10, 2)",
    "select ?::date, date ?, x::numeric(?, ...)",
  ],
  [
    "delete from t where id in (1, 2,3) and b = array['x', 'y']",
    "delete from t where id in (?, ...) and b = array[?, ...]",
  ],
  ["insert into t values (1, 'a'), (2, 'b')", "insert into t values (?, ...), ..."],
  ["select 'a'\n  'b'", "select ? ?"],
  ["select 12 from t where name = 'Ana Ro", "select ? from t where name = ..."],
  ["select 12 from t where name = E'Ana Ro", "select ? from t where name = ..."],
  ["do $body$ begin raise '5", "do ..."],
  ["select /* secret", "select ..."],
  ['select "cut na', "select ..."],
  // With standard_conforming_strings off the string goes on.
  ["select 'C:\\', secret, 'x'", "select ? ..."],
  ["select e'\\', secret, ' from t", "select ? from t"],
  ["", ""],
])("%s", (query, shown) => {
  expect(normaliseQuery(query)).toBe(shown);
});

/** Data as it stands in statements, each with the word that must not be seen. */
const secret = fc
  .tuple(
    fc.constantFrom(
      (text: string) => `'${text}'`,
      (text: string) => `'it''s ${text} \\\\'`,
      (text: string) => `E'\\'${text}\\n'`,
      (text: string) => `U&'${text}'`,
      (text: string) => `$$${text}$$`,
      (text: string) => `$q$ ' ${text} $$ $q$`,
      (text: string) => `/* ${text} /* ${text} */ */`,
      (text: string) => `-- ${text}\n`,
    ),
    fc.constantFrom("Zecret", "Zecret 99", '"Zecret"'),
  )
  .map(([write, text]) => write(text));
const number = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.nat().map((value) => `$${value}`),
  fc.nat().map((value) => `0x${value.toString(16)}`),
);
const code = fc.constantFrom(
  ...[
    "select ",
    " from t ",
    ", ",
    " where a = ",
    "::date ",
    " (",
    ") ",
    ' "Näme" ',
    "\n",
    " - ",
    ";",
  ],
);
const statement = fc.array(
  fc.oneof(
    secret,
    number.map((text) => ` ${text} `),
    code,
  ),
  {
    maxLength: 12,
  },
);

it("shows no data of any statement, wherever it was cut", () => {
  fc.assert(
    fc.property(statement, fc.double({ min: 0, max: 1, noNaN: true }), (parts, share) => {
      const text = parts.join("");
      for (const query of [text, text.slice(0, Math.floor(text.length * share))])
        expect(normaliseQuery(query)).not.toMatch(/\d|Z|ecret/);
    }),
    { numRuns: 2000 },
  );
});

it("is the same when done twice", () => {
  fc.assert(
    fc.property(statement, (parts) => {
      const once = normaliseQuery(parts.join(""));
      expect(normaliseQuery(once)).toBe(once);
    }),
  );
});

it("gets through a long text of any kind in linear time", () => {
  for (const part of ["a$b$", "$1, ", "1, ", "'x', ", "/*", "e'\\", "\\' ", '"', "(?), ", "?,"]) {
    const text = part.repeat(Math.ceil(1_000_000 / part.length));
    expect(normaliseQuery(text).length).toBeLessThanOrEqual(text.length + 4);
  }
});
