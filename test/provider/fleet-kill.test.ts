import { symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrationChecksums } from "../../src/fleet/migration-checksums.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import type { Properties } from "../../src/protocol/values.ts";
import { sharedCluster } from "../support/cluster.ts";
import type { TestCluster } from "../support/cluster.ts";
import { preparePlatform, smallSqlDirectory, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";
import { projectDirectory, TenantryPlugin } from "../support/tenantry-plugin.ts";

const TENANTS = 40;

let cluster: TestCluster;
let platform: TestPlatform;
let sql: string;
let root: string;

const write = (file: string, text: string): Properties => {
  writeFileSync(join(sql, "tenant", file), text);
  return { tenant: migrationChecksums(sql, "tenant") };
};
const start = (): Promise<TenantryPlugin> => TenantryPlugin.on(cluster, platform, {}, root);
const kill = async (plugin: TenantryPlugin): Promise<void> => {
  plugin.process.process.kill("SIGKILL");
  await plugin.process.exited;
  plugin.engine.close();
};
const count = async (query: string, values: unknown[] = []): Promise<number> =>
  Number((await platform.rows(`select count(*)::int as n from ${query}`, values))[0]?.n);
const atVersion = (version: number) => count("tenantry.registry where version = $1", [version]);
const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await sleep(5);
};
/** Runs the fleet's migrations in another plugin, and ends it. */
async function resume(inputs: Properties): Promise<Properties> {
  const plugin = await start();
  try {
    return await plugin.resource("FleetMigrations").apply(inputs);
  } finally {
    await plugin.stop();
  }
}

beforeAll(async () => {
  cluster = await sharedCluster();
  sql = smallSqlDirectory();
  root = projectDirectory();
  unlinkSync(join(root, "sql"));
  symlinkSync(sql, join(root, "sql"));
  platform = await preparePlatform(cluster, { sqlDirectory: sql });
  for (let number = 0; number < TENANTS; number += 1)
    await provisionTenant(platform.ctx, spec(`k${number}`));
});
afterAll(() => platform.close());

test("a plugin killed in the middle leaves each tenant before or after, and the next one goes on", async () => {
  const inputs = write("002_more.sql", "create table more (id int);\nselect pg_sleep(0.01);\n");
  const victim = await start();
  victim
    .resource("FleetMigrations")
    .apply(inputs)
    .catch(() => undefined);
  await until(async () => (await atVersion(2)) >= 5);
  await kill(victim);
  // What its sessions still had under way ends by itself, either way.
  await until(
    async () =>
      (await count(
        "pg_stat_activity where application_name = 'tenantry' and datname = current_database() and pid <> all(select pid from pg_stat_activity where state = 'idle')",
      )) === 0,
  );
  const done = await atVersion(2);
  expect(done).toBeGreaterThanOrEqual(5);
  expect(done).toBeLessThan(TENANTS);
  const torn = `tenantry.registry where (version = 2) is distinct from (to_regclass(schema_name || '.more') is not null)`;
  expect(await count(torn)).toBe(0);
  expect(await resume(inputs)).toMatchObject({ version: 2 });
  expect(await atVersion(2)).toBe(TENANTS);
  expect(await count(torn)).toBe(0);
});

const index = (number: number) =>
  `create index :concurrently if not exists notes_${number} on notes ((id % ${number}));\n`;
const state = (number: number) =>
  platform.rows(
    `select i.indisvalid as valid from pg_index i where i.indexrelid = to_regclass('tenant_k7.notes_${number}')`,
  );
/** The session that builds an index of tenant k7, once it waits for a reader. */
const builder = async (reading: pg.Client): Promise<number> => {
  const [holder] = (await reading.query<{ pid: number }>("select pg_backend_pid() as pid")).rows;
  const query =
    "select pid from pg_stat_activity where query ~ '^create index concurrently' and $1 = any(pg_blocking_pids(pid))";
  const waiting = () => platform.rows(query, [holder?.pid]);
  await until(async () => (await waiting()).length > 0);
  return Number((await waiting())[0]?.pid);
};
/** Holds what CREATE INDEX CONCURRENTLY of tenant k7 waits for. */
const reader = async () => {
  const client = await cluster.connect({ database: platform.database });
  await client.query("begin; insert into tenant_k7.notes default values");
  return client;
};

/** Begins to build an index that waits for the reader, and kills the plugin. @returns the process that builds on */
const killBuilding = async (inputs: Properties, report: pg.Client): Promise<number> => {
  const victim = await start();
  victim
    .resource("FleetMigrations")
    .apply(inputs)
    .catch(() => undefined);
  const pid = await builder(report);
  await kill(victim);
  return pid;
};

test("an index that a killed plugin and its session left invalid is built anew", async () => {
  const inputs = write("003_index.sql", index(3));
  const report = await reader();
  const pid = await killBuilding(inputs, report);
  await platform.rows("select pg_terminate_backend($1, 5000)", [pid]);
  await report.query("commit");
  await report.end();
  expect(await state(3)).toEqual([{ valid: false }]);
  expect(await count("tenantry.registry where id = 'k7' and version = 2")).toBe(1);
  expect(await resume(inputs)).toMatchObject({ version: 3 });
  expect(await state(3)).toEqual([{ valid: true }]);
  expect(await atVersion(3)).toBe(TENANTS);
  expect(await count("pg_index where not indisvalid")).toBe(0);
});

test("a session that builds on without its plugin is waited for, and its index kept", async () => {
  const inputs = write("004_index.sql", index(4));
  const report = await reader();
  await killBuilding(inputs, report);
  const next = resume(inputs);
  await until(async () => (await atVersion(4)) === TENANTS - 1);
  await report.query("commit");
  await report.end();
  expect(await next).toMatchObject({ version: 4 });
  expect(await state(4)).toEqual([{ valid: true }]);
  expect(await atVersion(4)).toBe(TENANTS);
});

test("what somebody else builds at the same time is left to them", async () => {
  const report = await reader();
  const other = await cluster.connect({ database: platform.database });
  const theirs = other.query("create index concurrently theirs on tenant_k7.notes (id)");
  await builder(report);
  const inputs = write("005_index.sql", "create table five (id int);\n");
  await resume(inputs);
  const concurrent = write(
    "006_index.sql",
    "create index :concurrently if not exists five_id on five (id);\n",
  );
  await resume(concurrent);
  expect(await atVersion(6)).toBe(TENANTS);
  await report.query("commit");
  await theirs;
  expect(
    await platform.rows(
      "select indisvalid from pg_index where indexrelid = 'tenant_k7.theirs'::regclass",
    ),
  ).toEqual([{ indisvalid: true }]);
  await Promise.all([other.end(), report.end()]);
});
