import { expect, test } from "vitest";
import { declaredAutovacuum } from "../../src/core/autovacuum-settings.ts";
import { toMigrations } from "../../src/core/migration.ts";

const files = toMigrations(
  "tenant",
  new Map([
    [
      "001_a.sql",
      `create table payroll (id integer);
       alter table payroll set (autovacuum_vacuum_scale_factor = 0.05, fillfactor = 90, autovacuum_analyze_scale_factor=0.02);
       alter table "Odd ""x" set (toast.autovacuum_enabled = 'off');
       select 'alter table fake set (autovacuum_enabled = off)';`,
    ],
    [
      "002_b.sql",
      `ALTER TABLE IF EXISTS Payroll RESET (AUTOVACUUM_ANALYZE_SCALE_FACTOR);
       alter table payroll rename to settlements;
       alter table "Odd ""x" rename column a to b;`,
    ],
  ]),
);
const declared = (upTo: number) =>
  Object.fromEntries(
    [...declaredAutovacuum(files, upTo)].map(([table, settings]) => [
      table,
      Object.fromEntries(settings),
    ]),
  );

test("the migrations' own statements say what autovacuum does, up to a version", () => {
  const odd = { 'Odd "x': { "toast.autovacuum_enabled": "off" } };
  const sooner = { autovacuum_vacuum_scale_factor: "0.05" };
  expect(declared(0)).toEqual({});
  expect(declared(1)).toEqual({
    payroll: { ...sooner, autovacuum_analyze_scale_factor: "0.02" },
    ...odd,
  });
  expect(declared(2)).toEqual({ settlements: sooner, ...odd });
});
