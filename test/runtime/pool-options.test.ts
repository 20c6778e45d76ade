import { expect, test } from "vitest";
import { POOL_DEFAULTS, readPoolOptions } from "../../src/runtime/pool-options.ts";

test("the environment comes before the defaults, and options before both", () => {
  expect(readPoolOptions({}, {})).toEqual(POOL_DEFAULTS);
  const environment = {
    DB_HOST: "db",
    DB_PORT: "6543",
    DB_NAME: "pay",
    DB_USER: "app",
    DB_PASSWORD: "secret",
  };
  expect(readPoolOptions({ host: "other", max: 3 }, environment)).toEqual({
    ...POOL_DEFAULTS,
    host: "other",
    max: 3,
    port: 6543,
    database: "pay",
    user: "app",
    password: "secret",
  });
  expect(Object.isFrozen(readPoolOptions({}, {}))).toBe(true);
});

test("every mistake is named at once, with its value, and never the password", () => {
  const wrong = {
    host: "",
    max: 0,
    isolation: "none",
    idleTimeoutMillis: -1,
    statementTimeoutMillis: 1.5,
    maxConnections: 3,
    ssl: "yes",
  };
  const read = () => readPoolOptions(wrong as never, { DB_PORT: "54x", DB_PASSWORD: "secret" });
  expect(read).toThrow(/\[TNT-801\]$/);
  for (const part of [
    'host is ""',
    "max is 0",
    'isolation is "none"',
    "idleTimeoutMillis is -1",
    "statementTimeoutMillis is 1.5",
    "maxConnections is not an option",
    'port is "54x"',
    'ssl is "yes"',
  ])
    expect(read).toThrow(part);
  expect(read).not.toThrow("secret");
});
