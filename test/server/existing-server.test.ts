import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { alterSystem } from "../../src/core/setting-differences.ts";
import { createPool } from "../../src/postgres/pool.ts";
import {
  inspectExisting,
  requireFreeNames,
  requireUsable,
} from "../../src/server/existing-server.ts";
import { withLogin } from "../../src/server/login.ts";
import { startCluster } from "../support/cluster.ts";
import type { TestCluster } from "../support/cluster.ts";

let cluster: TestCluster;
let admin: pg.Client;

beforeAll(async () => {
  cluster = await startCluster({ settings: { work_mem: "5MB", autovacuum_naptime: "90s" } });
  admin = await cluster.connect();
  await admin.query("create role clerk login password 'clerk'");
});
afterAll(async () => {
  await admin.end();
  await cluster.stop();
});

const inspect = (parameters: Record<string, string>, user = "postgres") => {
  const { host, port, database, password } = cluster;
  const login = { host, port, database, user, password: user === "clerk" ? "clerk" : password };
  return withLogin({ ...login, plain: true }, (client) =>
    inspectExisting(client, { parameters, without: [], replicator: false }),
  );
};
const differences = async (parameters: Record<string, string>) =>
  (await inspect(parameters)).differences.map(({ name }) => name);

test("a setting is the same however it is written", async () => {
  expect(
    await differences({
      work_mem: "5120kB",
      autovacuum_naptime: "1.5min",
      shared_buffers: "32 MB",
      max_wal_size: "256",
      jit: "yes",
      wal_level: "REPLICA",
      random_page_cost: "4.0",
      checkpoint_completion_target: ".9",
      // The session of a test would have another one.
      idle_in_transaction_session_timeout: "0",
      lock_timeout: "0ms",
      log_line_prefix: "%m [%p] ",
    }),
  ).toEqual([]);
});

test("a setting that differs is told, with the statement that PostgreSQL takes", async () => {
  const parameters = {
    work_mem: "6MB",
    jit: "off",
    log_line_prefix: "it's \\ %m",
    max_connections: "77",
    shared_preload_libraries: "pg_stat_statements",
    idle_in_transaction_session_timeout: "10min",
    "pg_stat_statements.max": "20000",
  };
  const { differences } = await inspect(parameters);
  expect(differences.map(({ name, found, needsRestart }) => [name, found, needsRestart])).toEqual([
    ["work_mem", "5MB", false],
    ["jit", "on", false],
    ["log_line_prefix", "%m [%p] ", false],
    ["max_connections", "100", true],
    ["shared_preload_libraries", "", true],
    ["idle_in_transaction_session_timeout", "0", false],
    // The library that has it is not loaded.
    ["pg_stat_statements.max", null, false],
  ]);
  for (const one of differences.filter(({ found }) => found !== null))
    await admin.query(alterSystem(one));
  const { rows } = await admin.query<{ name: string; setting: string }>(
    "select name, setting from pg_file_settings where sourcefile like '%auto.conf'",
  );
  const written = Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
  expect({ ...written, "pg_stat_statements.max": "20000" }).toEqual(parameters);
  await admin.query("alter system reset all");
});

test("what the role has instead is no answer of the server", async () => {
  await admin.query("alter role postgres set work_mem = '9MB'");
  const { differences } = await inspect({ work_mem: "5MB" });
  expect(differences).toEqual([expect.objectContaining({ name: "work_mem", found: null })]);
  await admin.query("alter role postgres reset work_mem");
});

test("what a role may not do is found, and the look changes nothing", async () => {
  const { capabilities } = await inspect({}, "clerk");
  const verdicts = Object.fromEntries(
    capabilities.map(({ capability, verdict }) => [capability, verdict]),
  );
  expect(verdicts).toEqual({
    superuser: "optional",
    createrole: "missing",
    createdb: "missing",
    pg_monitor: "missing",
    pg_read_all_data: "missing",
    bypassrls: "missing",
    pg_stat_statements: "missing",
    pg_signal_backend: "optional",
    pg_read_all_settings: "optional",
    pg_file_settings: "optional",
  });
  // Each remedy is one that PostgreSQL takes, and that helps.
  for (const { remedy } of capabilities.filter(({ remedy }) => /^(ALTER|GRANT)/.test(remedy)))
    await admin.query(remedy);
  const after = await inspect({}, "clerk");
  expect(
    after.capabilities
      .filter(({ verdict }) => verdict !== "there")
      .map(({ capability }) => capability),
  ).toEqual(["superuser", "pg_stat_statements"]);
  expect(after.fileProblems).toEqual([]);
  const { rows } = await admin.query("select from pg_extension where extname ~ 'statements'");
  expect(rows).toEqual([]);
});

test("another major version is refused", async () => {
  const facts = await inspect({});
  expect(() => {
    requireUsable({ ...facts, version: "17.2" });
  }).toThrow(/PostgreSQL 17\.2.*TNT-260/);
  requireUsable(facts);
});

test("a name that is free is no matter; one that is taken is told with its import", async () => {
  const { host, port, user, password, database } = cluster;
  const pool = createPool({ host, port, user, password, database });
  const client = await pool.connect();
  await requireFreeNames(client, { roles: ["nobody_x"], database: "nowhere_x" }, "tenantry/prod");
  await expect(
    requireFreeNames(client, { roles: ["clerk"], database: "postgres" }, "tenantry/prod"),
  ).rejects.toThrow(
    /role clerk, database postgres.*pulumi import postgresql:index\/role:Role role-clerk clerk --stack prod/s,
  );
  client.release();
  await pool.end();
});
