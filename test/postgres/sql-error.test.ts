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
      /^sql\/a\.sql:3: duplicate key value .*\(SQLSTATE 23505\).*\n {2}Detail: Key \(id\)=\(1\) already exists\./,
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
});
