import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkUnchanged,
  migrationStatements,
  runsConcurrently,
  toMigrations,
} from "../../src/core/migration.ts";
import { splitSql } from "../../src/core/sql-statement.ts";
import { migrationsBetween, targetVersion } from "../../src/core/tenant-version.ts";

const files = (...names: string[]) => new Map(names.map((name) => [name, `select '${name}';\n`]));
const three = toMigrations("tenant", files("001_a.sql", "002_b.sql", "003_c.sql"));

describe("toMigrations", () => {
  it("puts files in order, whatever the order they are read in", () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(["001_a.sql", "002_b.sql", "003_c.sql"], { minLength: 3 }),
        (names) => {
          expect(toMigrations("tenant", files(...names))).toEqual(three);
        },
      ),
    );
  });

  it("gives the same checksum whatever the line ends", () => {
    const sums = ["a\nb\n", "a\r\nb\r\n"].map(
      (text) => toMigrations("shared", new Map([["001_a.sql", text]]))[0]!.checksum,
    );
    const sha256 = "911169ddaaf146aff539f58c26c489af3b892dff0fe283c1c264c65ae5aa59a2";
    expect(sums).toEqual([sha256, sha256]);
  });

  it.each(["1_a.sql", "001-a.sql", "001_A.sql", "001_.sql", "a.sql"])(
    "refuses the name %s",
    (name) => {
      expect(() => toMigrations("tenant", files(name))).toThrow(`sql/tenant/${name} is no name`);
    },
  );

  it("refuses gaps and repeats", () => {
    expect(() => toMigrations("tenant", files("001_a.sql", "003_c.sql"))).toThrow(
      /003_c\.sql has number 3 where 2 is due/,
    );
    expect(() => toMigrations("tenant", files("001_a.sql", "002_b.sql", "002_c.sql"))).toThrow(
      /002_c\.sql has number 2 where 3 is due/,
    );
    expect(() => toMigrations("tenant", files("002_b.sql"))).toThrow(/where 1 is due/);
  });
});

describe("checkUnchanged", () => {
  it("accepts what ran, and files that were added", () => {
    for (const ran of [0, 1, 2, 3])
      expect(() => {
        checkUnchanged("tenant", three, three.slice(0, ran));
      }).not.toThrow();
  });

  it("refuses edited, renamed and vanished files", () => {
    const check = (changes: object) => () => {
      checkUnchanged("tenant", three, [{ ...three[1]!, ...changes }]);
    };
    expect(check({ checksum: "0" })).toThrow(/sql\/tenant\/002_b\.sql.*TNT-503/);
    expect(check({ name: "002_other.sql" })).toThrow(/TNT-503/);
    expect(check({ number: 4, name: "004_d.sql" })).toThrow(/sql\/tenant\/004_d\.sql.*TNT-504/);
  });
});

describe("migrationStatements", () => {
  const statements = (sql: string) =>
    migrationStatements("tenant", { number: 1, name: "001_a.sql", sql, checksum: "" });

  it("refuses whatever begins or ends a transaction, naming the line", () => {
    for (const command of ["begin", "COMMIT", "Start transaction", "rollback to x", "savepoint x"])
      expect(() => statements(`select 1;\n${command};`)).toThrow(
        /sql\/tenant\/001_a\.sql:2: .*TNT-510/,
      );
    expect(statements("select 1; create table commits ()")).toHaveLength(2);
  });
});

describe("runsConcurrently", () => {
  const runs = (sql: string) => runsConcurrently(splitSql(sql, "f.sql"));
  it("is so for repeatable statements on indexes alone", () => {
    expect(runs("create table t ()")).toBe(false);
    expect(
      runs(
        "create unique index :concurrently if not exists i on t (x);\ndrop index :concurrently if exists j;",
      ),
    ).toBe(true);
  });
  it.each([
    "create index :concurrently i on t (x)",
    "drop index :concurrently i",
    "create index :concurrently if not exists i on t (x);\nselect 1",
  ])("refuses %j", (sql) => {
    expect(() => runs(sql)).toThrow(/f\.sql:\d+: .*TNT-507/);
  });
});

describe("targetVersion", () => {
  it("is the newest, or the pin, and never below what ran", () => {
    fc.assert(
      fc.property(
        fc.option(fc.integer({ min: -1, max: 5 }), { nil: undefined }),
        fc.integer({ min: 0, max: 3 }),
        (pin, version) => {
          const target = () =>
            targetVersion({ id: "x", ...(pin === undefined ? {} : { pin }) }, three, version);
          if (pin === undefined) expect(target()).toBe(3);
          else if (pin < 1 || pin > 3) expect(target).toThrow(/TNT-410/);
          else if (pin < version) expect(target).toThrow(/TNT-409/);
          else {
            expect(target()).toBe(pin);
            const numbers = migrationsBetween(three, version, pin).map(({ number }) => number);
            expect(numbers).toEqual(
              Array.from({ length: pin - version }, (_, index) => version + 1 + index),
            );
          }
        },
      ),
    );
  });
});
