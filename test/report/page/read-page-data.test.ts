import { afterAll, beforeAll, expect, test } from "vitest";
import type pg from "pg";
import { provisionTenant } from "../../../src/fleet/provision-tenant.ts";
import { removeTenant } from "../../../src/fleet/remove-tenant.ts";
import type { MonitorContext } from "../../../src/fleet/monitor/read-monitor.ts";
import { readPageData } from "../../../src/report/page/read-page-data.ts";
import { renderPage } from "../../../src/report/page/render-page.ts";
import { startCluster } from "../../support/cluster.ts";
import type { TestCluster } from "../../support/cluster.ts";
import { monitorOf } from "../../support/monitor.ts";
import { preparePlatform, spec, SQL_DIRECTORY } from "../../support/platform.ts";
import type { TestPlatform } from "../../support/platform.ts";

const NASTY = `Pérez & "Hijos" <b>SpA</b>'s`;

let cluster: TestCluster;
let platform: TestPlatform;
let monitor: MonitorContext & { readonly pool: pg.Pool };
beforeAll(async () => {
  cluster = await startCluster({
    settings: { shared_preload_libraries: "pg_stat_statements", work_mem: "5MB" },
  });
  platform = await preparePlatform(cluster, { disposable: true });
  await platform.admin.query("create extension pg_stat_statements schema extensions");
  await provisionTenant(platform.ctx, spec("a", { company: NASTY }));
  await provisionTenant(platform.ctx, spec("b", { state: "suspended" }));
  monitor = monitorOf(cluster, platform);
});
afterAll(async () => {
  await monitor.pool.end();
  await platform.close();
  await cluster.stop();
});

const look = (declared: Readonly<Record<string, string>> = {}) =>
  readPageData(monitor, { sqlDirectory: SQL_DIRECTORY, declared });

test("the monitor's login is enough for all of it", async () => {
  await platform.rows(
    `insert into tenantry.archives (tenant_id, tenant_key, schema_name, version, location, bytes, checksum, row_counts, created_at, verified_at)
     values ('a', 'a', 'tenant_a', 3, '/x', 1, 'c', '{}', now() - interval '2 days', now() - interval '2 days'),
            ('b', 'b', 'tenant_b', 3, '/y', 1, 'c', '{}', now(), null)`,
  );
  const data = await look();
  expect(data.tenants).toEqual([
    {
      id: "a",
      company: NASTY,
      state: "active",
      isolation: "shared",
      version: 3,
      pin: null,
      failedMigration: null,
      provenSeconds: expect.closeTo(2 * 86_400, -3) as number,
    },
    expect.objectContaining({ id: "b", state: "suspended", provenSeconds: null }),
  ]);
  expect(data.status.server.database).toBe(platform.database);
  expect(data.sizes.map(({ tenant }) => tenant)).toEqual(expect.arrayContaining(["a", "b"]));
  expect(data.locks).toEqual([]);
  const page = renderPage(data);
  expect(page).toContain(JSON.stringify(NASTY).replaceAll("<", "\\u003c"));
  expect(page).not.toContain("<b>");
  expect(page).toContain("2 days");
});

test("settings are the server's own, not those of the look itself", async () => {
  const { settings } = await look({
    work_mem: "5MB",
    jit: "on",
    lock_timeout: "0",
    idle_in_transaction_session_timeout: "0",
    max_connections: "77",
    "no.such": "1",
  });
  expect(settings).toEqual({
    declared: 6,
    differences: [
      { name: "max_connections", declared: "77", found: "100", needsRestart: true },
      { name: "no.such", declared: "1", found: null, needsRestart: false },
    ],
  });
});

test("what stands in queries is on no page, not even of a text that is cut within it", async () => {
  const client = await platform.as(platform.roles.user);
  await client.query(
    "begin; set local search_path = tenant_a; insert into conversations (topic) values ('secret-98765')",
  );
  await client.query(`/* secret-98765 */ select '${"secret-98765".repeat(90_000)}'`);
  const other = await platform.as(platform.roles.user);
  await client.query("lock table tenant_a.conversations in exclusive mode");
  const waiting = other.query(
    "insert into tenant_a.conversations (topic) values ('secret-98765') /* secret-98765 */",
  );
  const page = await whenWaiting(async () => renderPage(await look()));
  expect(page).toContain("insert into tenant_a.conversations (topic) values (?)");
  expect(page).toContain("waits for RowExclusiveLock on tenant_a.conversations");
  expect(page).not.toContain("98765");
  expect(Buffer.byteLength(page)).toBeLessThan(200_000);
  await client.query("rollback");
  await waiting;
});

/** Once somebody waits for a lock. */
async function whenWaiting<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    const rows = await platform.rows("select from pg_stat_activity where wait_event_type = 'Lock'");
    if (rows.length > 0) return work();
  }
}

test("tenants that come and go meanwhile are no error", async () => {
  const guests = { left: false };
  const comeAndGo = async (): Promise<void> => {
    for (let round = 0; round < 4; round += 1) {
      await provisionTenant(platform.ctx, spec("guest"));
      await removeTenant(platform.ctx, "guest");
    }
    guests.left = true;
  };
  const others = comeAndGo();
  for (; !guests.left;) {
    const data = await look();
    expect(data.tenants.map(({ id }) => id)).toEqual(expect.arrayContaining(["a", "b"]));
    renderPage(data);
  }
  await others;
  const { tenants, ...data } = await look();
  const dropped = renderPage({
    ...data,
    tenants: tenants.concat(tenants.map((one) => ({ ...one, id: "gone" }))),
  });
  expect(dropped).toContain('["gone"');
});

test("a missing pg_stat_statements is said on the page", async () => {
  await platform.rows("drop extension pg_stat_statements");
  const page = renderPage(await look());
  expect(page).toContain("The extension pg_stat_statements is not in schema extensions");
  expect(page).toContain("[TNT-871]");
  await platform.rows("create extension pg_stat_statements schema extensions");
});

test("without its views it is refused as a whole", async () => {
  await platform.rows(`revoke usage on schema tenantry from ${platform.roles.monitor}`);
  await expect(look()).rejects.toMatchObject({ code: "TNT-870" });
  await platform.rows(`grant usage on schema tenantry to ${platform.roles.monitor}`);
});
