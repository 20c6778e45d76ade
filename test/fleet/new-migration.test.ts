import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { newMigration } from "../../src/fleet/new-migration.ts";
import { readSqlArea } from "../../src/fleet/sql-files.ts";
import { fillPlaceholders } from "../../src/core/sql-placeholders.ts";
import { splitSql } from "../../src/core/sql-statement.ts";
import { copySqlDirectory } from "../support/platform.ts";

const sql = copySqlDirectory();
const untouched = copySqlDirectory();

test("it takes the next number, and runs nothing until something is written", () => {
  expect(newMigration(sql, "add_bonus")).toBe("sql/tenant/004_add_bonus.sql");
  const file = join(dirname(sql), "sql/tenant/004_add_bonus.sql");
  const template = readFileSync(file, "utf8");
  expect(splitSql(template, "x")).toEqual([]);
  expect(() => readSqlArea(sql, "tenant")).toThrow(
    /004_add_bonus\.sql holds no statement.*TNT-511/,
  );
  expect(() => newMigration(sql, "another")).toThrow(/TNT-511/);
  writeFileSync(file, `${template}create table bonus (id bigint primary key);\n`);
  expect(newMigration(sql, "another")).toBe("sql/tenant/005_another.sql");
});

test("the placeholders that the template explains are those that are filled", () => {
  const explained = [...readTemplate().matchAll(/:(["']?)(\w+)\1/g)]
    .map(([, , name]) => name ?? "")
    .filter((name) => name !== "name");
  const values = Object.fromEntries(
    "schema id key partition_key database owner user app readonly monitor backup concurrently"
      .split(" ")
      .map((name) => [name, "x"]),
  );
  expect([...new Set(explained)].toSorted()).toEqual(Object.keys(values).toSorted());
  const text = "select :\"schema\", :'id', :'key'";
  expect(fillPlaceholders({ text, file: "x" }, values).text).toBe("select \"x\", 'x', 'x'");
});
const readTemplate = () => readFileSync(join(sql, "tenant/004_add_bonus.sql"), "utf8");

test.each([
  ["Add Bonus", "add_bonus"],
  ["año", "ano"],
  ["004_bonus.sql", "bonus"],
  ["../etc", "etc"],
  ["a-b", "a_b"],
])("%j is refused, with a proposal", (words, proposal) => {
  expect(() => newMigration(untouched, words)).toThrow(
    new RegExp(
      `^"${words.replaceAll(".", "\\.")}" cannot name a migration: .*Write ${proposal}\\. \\[TNT-651\\]`,
    ),
  );
});

test("words that are taken, and none at all, are refused", () => {
  expect(() => newMigration(untouched, "payroll")).toThrow(
    /sql\/tenant\/003_payroll\.sql already.*TNT-652/,
  );
  expect(() => newMigration(untouched, "")).toThrow(/TNT-651/);
  expect(() => newMigration(untouched, "x".repeat(61))).toThrow(/TNT-651/);
});
