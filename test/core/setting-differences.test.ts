import { expect, test } from "vitest";
import { alterSystem, settingDifferences } from "../../src/core/setting-differences.ts";

test("a list of libraries keeps what the server loads, each name in quotes of its own", () => {
  const server = {
    name: "shared_preload_libraries",
    type: "string",
    unit: null,
    value: 'pg_cron, "auto_explain"',
    shown: 'pg_cron, "auto_explain"',
    needsRestart: true,
  };
  const declared = { shared_preload_libraries: "pg_stat_statements, pg_cron" };
  const differences = settingDifferences(declared, [server]);
  expect(differences.map(alterSystem)).toEqual([
    "ALTER SYSTEM SET shared_preload_libraries = 'pg_cron', 'auto_explain', 'pg_stat_statements';",
  ]);
  const less = { shared_preload_libraries: "auto_explain" };
  expect(settingDifferences(less, [server])).toEqual([]);
});
