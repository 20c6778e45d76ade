import { expect, test } from "vitest";
import { milliseconds, settingProperties } from "../../../src/engine/postgresql/role-settings.ts";

test.each([
  ["1000", 1000],
  ["5s", 5000],
  ["1.5min", 90_000],
  ["250 ms", 250],
  ["0", 0],
])("a timeout of %s is %d ms", (text, expected) => {
  expect(milliseconds(text)).toBe(expected);
});

test("the settings of a role's sessions are its properties, those it has none of empty", () => {
  expect(
    settingProperties(['search_path="P Room", a', "statement_timeout=5s", "role=p_owner"]),
  ).toEqual({
    searchPaths: ["P Room", "a"],
    statementTimeout: 5000,
    idleInTransactionSessionTimeout: 0,
    assumeRole: "p_owner",
  });
  expect(settingProperties([])).toMatchObject({ searchPaths: [], assumeRole: "" });
});
