import { inspect } from "node:util";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { splitSql } from "../../src/core/sql-statement.ts";
import { runStatements } from "../../src/postgres/run-statements.ts";
import { sqlstateOf } from "../../src/postgres/sql-error.ts";
import { sharedCluster } from "../support/cluster.ts";

let client: pg.Client;
beforeAll(async () => {
  client = await (await sharedCluster()).connect({ pipeline: true });
});
afterAll(() => client.end());

const failure = (sql: string): Promise<Error> =>
  client
    .query("begin")
    .then(() => runStatements(client, splitSql(sql, "sql/a.sql")))
    .then(
      () => Promise.reject(new Error("it did not fail")),
      (error: unknown) => error as Error,
    )
    .finally(() => client.query("rollback"));

describe("the error of a SQL file", () => {
  it("shows file, line, caret, SQLSTATE and hint", async () => {
    const error = await failure("-- ñ\nselect 1;\n\nselect\n\t'😀', pg_typof(1);\n");
    expect(error.message).toBe(
      "sql/a.sql:5: function pg_typof(integer) does not exist (SQLSTATE 42883).\n" +
        "  \t'😀', pg_typof(1)\n" +
        "  \t      ^\n" +
        "  Hint: No function matches the given name and argument types. You might need to add explicit type casts. [TNT-506]",
    );
  });

  it("shows the statement's first line when PostgreSQL tells no place", async () => {
    const error = await failure(
      "create temporary table t (id int primary key);\ninsert into t values (1);\ninsert\ninto t values (1);",
    );
    expect(error.message).toMatch(
      /^sql\/a\.sql:3: duplicate key value .*"t_pkey" \(SQLSTATE 23505\).*\n {2}Detail: Key \(id\)\. \[/,
    );
  });

  it("is that of the first statement that failed, not of those after it", async () => {
    const error = await failure("select 1;\nselect 1/0;\nselect nonsense;\nselect 2;");
    expect(error.message).toMatch(/^sql\/a\.sql:2: division by zero/);
    expect(sqlstateOf(error)).toBe("22012");
  });

  it("never shows values", async () => {
    await client.query("create temporary table kept (secret text unique, number int)");
    const run = (...values: unknown[]) =>
      runStatements(client, [
        { text: "insert into kept values ($1, $2)", values, file: "keeping" },
      ]).then(() => "kept", String);
    await run("hunter2", 1);
    const messages = [await run("hunter2", 1), await run("x", "hunter2")];
    expect(messages[0]).toContain("23505");
    expect(messages[1]).toContain('invalid input syntax for type integer: "[value]"');
    expect(messages.join("\n")).not.toContain("hunter2");
  });

  const RUT = "12345678-5";
  const SALARIES = `create temporary table salaries (
    rut text constraint salaries_key unique, amount text constraint paid check (amount <> '0'), name text not null);
    insert into salaries values ('${RUT}', '654321 "gross"', 'Ana');\n`;

  it.each([
    [
      "a key that is there",
      `insert into salaries values ('${RUT}', '1', 'Eva')`,
      /salaries_key.*Key \(rut\)\./s,
    ],
    [
      "a new unique index",
      `insert into salaries values ('1', '1', 'Ana'); create unique index on salaries ((name || ''))`,
      /Key \(/,
    ],
    [
      "a check",
      `insert into salaries values ('${RUT}', '0', 'Ana')`,
      /"salaries" violates check constraint "paid"/,
    ],
    [
      "a new check",
      "alter table salaries add constraint rich check (length(amount) < 2)",
      /check constraint "rich"/,
    ],
    [
      "a missing value",
      `insert into salaries values ('654321', '${RUT}')`,
      /column "name" of relation "salaries"/,
    ],
    [
      "a new type of a column",
      "alter table salaries drop constraint paid; alter table salaries alter amount type int using amount::int",
      /integer: "\[value\]"/,
    ],
    ["a number out of range", "select rut::text, 654321::int2 from salaries", /out of range/],
    ["a date", `select ('${RUT}')::date`, /22008|22007/],
    ["json", `select (amount)::json from salaries`, /22P02/],
    ["bytes", `select convert_from('\\x654321ff'::bytea, 'UTF8')`, /22021/],
    [
      "a function",
      `do $$ declare n int; begin select amount into n from salaries; end $$`,
      /22P02/,
    ],
    [
      "a foreign key",
      `create temporary table ruts (rut text primary key); alter table salaries add foreign key (rut) references ruts`,
      /Key \(rut\)\./,
    ],
  ])("tells no row: %s", async (_, sql, says) => {
    const error = await failure(SALARIES + sql);
    expect(error.message).toMatch(says);
    // Node shows the errors behind one with all their fields when nobody catches it.
    const shown = inspect(error, { depth: 9, showHidden: true });
    const told = shown.replaceAll(sql, "");
    for (const secret of [RUT, "654321", "gross", "ff 0x", "x654321ff"])
      expect(told).not.toContain(secret);
  });
});
