import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadModule } from "libpg-query";
import { beforeAll, describe, expect, it } from "vitest";
import { fillPlaceholders } from "../../src/core/sql-placeholders.ts";
import { splitSql } from "../../src/core/sql-statement.ts";
import { countStatements } from "../support/count-statements.ts";
import { SQL_DIRECTORY } from "../support/platform.ts";

/** What every file may be filled with; a name the fleet does not fill fails here as it would there. */
const PLACEHOLDERS = {
  owner: "Owner",
  user: "user",
  app: "app",
  readonly: "readonly",
  monitor: "monitor",
  backup: "backup",
  database: "data base",
  partition_key: "tenant_id",
  concurrently: "concurrently",
};
const SHARED_TABLE = { table: "Table" };
const TENANT = { schema: "tenant_x", id: "x", key: "x" };

const files = readdirSync(SQL_DIRECTORY, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".sql"))
  .sort();

beforeAll(() => loadModule());

describe.each(files)("sql/%s", (name) => {
  const sql = readFileSync(join(SQL_DIRECTORY, name), "utf8");
  const statements = splitSql(sql, `sql/${name}`);
  const placeholders = {
    ...PLACEHOLDERS,
    ...(name.startsWith("tenant/") && TENANT),
    ...(name.startsWith("shared/row-level-security/") && SHARED_TABLE),
  };

  it("parses, and is divided as PostgreSQL divides it", () => {
    const filled = statements.map((statement) => fillPlaceholders(statement, placeholders).text);
    expect(filled.length).toBeGreaterThan(0);
    for (const text of filled) expect(countStatements(text)).toBe(1);
    expect(countStatements(filled.join(";\n"))).toBe(filled.length);
  });

  it("has key words in lower case and ends with a line end", () => {
    const shouted = /^\s*(?:CREATE|ALTER|SELECT|INSERT|UPDATE|DELETE|GRANT|REVOKE|WITH|COMMENT)\b/m;
    for (const { text } of statements) expect(text).not.toMatch(shouted);
    expect(sql.endsWith("\n")).toBe(true);
    expect(sql).not.toContain("\r");
  });
});
