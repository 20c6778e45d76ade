import { expect, test } from "vitest";
import { DEFAULT_ROLES } from "../../src/core/roles.ts";
import { checkConfiguration } from "../../src/provider/configuration.ts";

const args = {
  host: "127.0.0.1",
  port: 5432,
  user: "postgres",
  password: "not-a-secret",
  database: "nostromo",
  stack: "tenantry/dev",
  roles: { ...DEFAULT_ROLES },
  partitionKey: "tenant_id",
  archives: ".tenantry/dev/archives",
  disposable: false,
};

test("a new provider, and one whose server moved, are accepted", () => {
  expect(checkConfiguration(args, {})).toEqual([]);
  expect(checkConfiguration({ ...args, port: 5433, disposable: true }, args)).toEqual([]);
  const replicator = { ...args, roles: { ...args.roles, replicator: "replicator" } };
  expect(checkConfiguration(replicator, args)).toEqual([]);
});

test("what everything in the database was made with cannot change", () => {
  const news = {
    ...args,
    partitionKey: "isp_id",
    database: "other",
    roles: { ...args.roles, user: "someone" },
  };
  expect(checkConfiguration(news, args).map(({ property }) => property)).toEqual([
    "database",
    "partitionKey",
    "roles.user",
  ]);
  expect(checkConfiguration(news, args)[1]?.reason).toContain('from "tenant_id" to "isp_id"');
  expect(checkConfiguration(news, {})).toEqual([]);
});

test("every wrong argument is named at once", () => {
  const { password, ...rest } = args;
  expect(password).not.toBe("");
  const failures = checkConfiguration({ ...rest, port: 0, disposable: "yes" }, {});
  expect(failures.map(({ property }) => property).sort()).toEqual([
    "disposable",
    "password",
    "port",
  ]);
});
