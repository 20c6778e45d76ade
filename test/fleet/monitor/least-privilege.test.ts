import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readActivity } from "../../../src/fleet/monitor/read-activity.ts";
import { readIndexes } from "../../../src/fleet/monitor/read-indexes.ts";
import { readLocks } from "../../../src/fleet/monitor/read-locks.ts";
import { readMonitor } from "../../../src/fleet/monitor/read-monitor.ts";
import type { MonitorContext } from "../../../src/fleet/monitor/read-monitor.ts";
import { readSizes } from "../../../src/fleet/monitor/read-sizes.ts";
import { readSlow } from "../../../src/fleet/monitor/read-slow.ts";
import { readStatus } from "../../../src/fleet/monitor/read-status.ts";
import { provisionTenant } from "../../../src/fleet/provision-tenant.ts";
import { startCluster } from "../../support/cluster.ts";
import type { TestCluster } from "../../support/cluster.ts";
import { monitorOf } from "../../support/monitor.ts";
import { preparePlatform, spec, SQL_DIRECTORY } from "../../support/platform.ts";
import type { TestPlatform } from "../../support/platform.ts";

const files = readdirSync(join(SQL_DIRECTORY, "monitor")).map((name) => name.replace(".sql", ""));

let cluster: TestCluster;
let platform: TestPlatform;
let monitor: MonitorContext;
let client: pg.Client;
beforeAll(async () => {
  cluster = await startCluster({ settings: { shared_preload_libraries: "pg_stat_statements" } });
  platform = await preparePlatform(cluster);
  await platform.admin.query("create extension pg_stat_statements schema extensions");
  await provisionTenant(platform.ctx, spec("open"));
  await provisionTenant(platform.ctx, spec("tight", { isolation: "strict" }));
  monitor = monitorOf(cluster, platform);
  client = await platform.as(platform.roles.monitor);
});
afterAll(async () => {
  await monitor.pool.end();
  await platform.close();
  await cluster.stop();
});

const refusal = async (sql: string): Promise<unknown> =>
  client.query(sql).then(
    () => undefined,
    (error: unknown) => (error as pg.DatabaseError).code,
  );

it("reads every query of sql/monitor with the monitor's rights alone", async () => {
  for (const name of files) {
    const [rows] = await readMonitor<[Record<string, unknown>]>(monitor, [name]);
    expect([name, Array.isArray(rows)]).toEqual([name, true]);
  }
  expect((await readStatus(monitor, SQL_DIRECTORY)).server.seesAllSessions).toBe(true);
  expect((await readSizes(monitor)).map(({ tenant }) => tenant)).toContain("open");
  expect(await readActivity(monitor)).not.toEqual([]);
  expect(await readLocks(monitor)).toEqual([]);
  expect((await readSlow(monitor)).groups).not.toEqual([]);
  expect(await readIndexes(monitor)).not.toEqual([]);
});

it("uses files that psql takes as they are: no parameters, no placeholders", async () => {
  for (const name of files) {
    const text = readFileSync(join(SQL_DIRECTORY, "monitor", `${name}.sql`), "utf8");
    expect(text).toMatch(/^-- /);
    expect(await refusal(`begin read only; ${text}; rollback`)).toBe(undefined);
  }
});

it("reads no row of any table of ours, tenants' or not", async () => {
  const tables = await platform.rows(`
    select format('%I.%I', n.nspname, c.relname) as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`);
  expect(tables.length).toBeGreaterThan(30);
  expect(tables.map(({ name }) => name)).toContain("tenant_open.payroll");
  for (const { name } of tables)
    expect([name, await refusal(`select from ${String(name)} limit 1`)]).toEqual([name, "42501"]);
});

it("may run no function of ours but the widths, the reading and sizes, and take no role", async () => {
  const functions = await client.query<{ name: string }>(`
    select p.oid::regprocedure::text as name
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ('tenantry', 'central', 'shared', 'parametros', 'tenant_open', 'tenant_tight')
      and has_schema_privilege(n.oid, 'usage') and has_function_privilege(p.oid, 'execute')
    order by 1`);
  expect(functions.rows.map(({ name }) => name)).toEqual([
    "tenantry.file_directory()",
    "tenantry.monitor_key_widths()",
    "tenantry.record_reading()",
    "tenantry.relation_bytes(oid,text,bigint)",
  ]);
  for (const role of [platform.roles.owner, platform.roles.user, "tenant_tight"])
    expect(await refusal(`set role ${role}`)).toBe("42501");
});

it("changes nothing through its views", async () => {
  const views = await platform.rows(
    "select relname as view from pg_class where relkind = 'v' and relnamespace = 'tenantry'::regnamespace",
  );
  expect(views).toHaveLength(5);
  for (const view of views.map(({ view }) => String(view))) {
    const { rows: rights } = await client.query(
      "select has_table_privilege($1, 'insert, update, delete, truncate') as may",
      [`tenantry.${view}`],
    );
    expect(rights).toEqual([{ may: false }]);
    expect(await refusal(`select from tenantry.${view}`)).toBe(undefined);
  }
});

it("sees no message of a failed migration, which may quote a row", async () => {
  await platform.rows(
    `insert into tenantry.migration_failures (tenant_key, number, message) values ('open', 1, 'Key (rut)=(12345678-5)')`,
  );
  const [rows] = await readMonitor<[unknown]>(monitor, ["fleet"]);
  expect(rows).toMatchObject([{ failed: 1 }]);
  const { rows: seen } = await client.query("select * from tenantry.monitor_tenants");
  expect(JSON.stringify(seen)).not.toContain("12345678-5");
  await platform.rows("delete from tenantry.migration_failures");
});

it("says what to do when a right was taken away, or the views are not there yet", async () => {
  const { roles } = platform;
  await platform.rows(`revoke usage on schema tenantry from ${roles.monitor}`);
  await expect(readSizes(monitor)).rejects.toMatchObject({ code: "TNT-870" });
  await platform.rows(`grant usage on schema tenantry to ${roles.monitor}`);
  await platform.rows("alter view tenantry.monitor_tenants rename to elsewhere");
  await expect(readSizes(monitor)).rejects.toMatchObject({ code: "TNT-870" });
  await platform.rows("alter view tenantry.elsewhere rename to monitor_tenants");
  await readSizes(monitor);
});

it("tells that others' sessions are hidden without pg_read_all_stats", async () => {
  const { roles } = platform;
  const { pool } = platform.ctx;
  const other = await pool.connect();
  await other.query("select 'secret'");
  await platform.rows(`revoke pg_monitor from ${roles.monitor}`);
  const { server } = await readStatus(monitor, SQL_DIRECTORY);
  expect(server.seesAllSessions).toBe(false);
  const hidden = (await readActivity(monitor)).filter(({ role }) => role === "postgres");
  expect(hidden.map(({ query, state }) => [query, state])).toContainEqual([
    ...["<insufficient privilege>", null],
  ]);
  await platform.rows(`grant pg_monitor to ${roles.monitor}`);
  other.release();
});

it("names a missing pg_stat_statements and what to do, in one line", async () => {
  await platform.rows("drop extension pg_stat_statements");
  await expect(readSlow(monitor)).rejects.toMatchObject({
    code: "TNT-871",
    message: expect.stringMatching(/npx tenantry up.*create extension/) as string,
  });
  await platform.rows("create extension pg_stat_statements schema extensions");
});

it("names a pg_stat_statements that the server does not load", async () => {
  const bare = await startCluster();
  const unloaded = await preparePlatform(bare);
  await unloaded.admin.query("create extension pg_stat_statements schema extensions");
  const watcher = monitorOf(bare, unloaded);
  await expect(readSlow(watcher)).rejects.toMatchObject({
    code: "TNT-871",
    message: expect.stringContaining("shared_preload_libraries") as string,
  });
  await watcher.pool.end();
  await unloaded.close();
  await bare.stop();
});
