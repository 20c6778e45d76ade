import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readActivity } from "../../../src/fleet/monitor/read-activity.ts";
import { readGrowth } from "../../../src/fleet/monitor/read-growth.ts";
import { readIndexes } from "../../../src/fleet/monitor/read-indexes.ts";
import { readLocks } from "../../../src/fleet/monitor/read-locks.ts";
import type { MonitorContext } from "../../../src/fleet/monitor/read-monitor.ts";
import { readSizes, readTableSizes } from "../../../src/fleet/monitor/read-sizes.ts";
import { readSlow } from "../../../src/fleet/monitor/read-slow.ts";
import { readStatus } from "../../../src/fleet/monitor/read-status.ts";
import { recordReading } from "../../../src/fleet/monitor/record-reading.ts";
import { provisionTenant } from "../../../src/fleet/provision-tenant.ts";
import { removeTenant } from "../../../src/fleet/remove-tenant.ts";
import { prometheusText } from "../../../src/report/metrics.ts";
import { startCluster } from "../../support/cluster.ts";
import type { TestCluster } from "../../support/cluster.ts";
import { monitorOf } from "../../support/monitor.ts";
import { preparePlatform, spec, SQL_DIRECTORY } from "../../support/platform.ts";
import type { TestPlatform } from "../../support/platform.ts";

/** What each command that looks at a fleet reads. */
const LOOKS: readonly [string, (monitor: MonitorContext) => Promise<unknown>][] = [
  ["status", (monitor) => readStatus(monitor, SQL_DIRECTORY)],
  ["status --record", recordReading],
  ["sizes", readSizes],
  ["sizes ID", (monitor) => readTableSizes(monitor, "a")],
  ["sizes --growth", (monitor) => readGrowth(monitor)],
  ["activity", (monitor) => readActivity(monitor)],
  ["locks", (monitor) => readLocks(monitor)],
  ["slow", (monitor) => readSlow(monitor)],
  ["slow ID", (monitor) => readSlow(monitor, { tenant: "a" })],
  ["indexes", (monitor) => readIndexes(monitor)],
  ["indexes ID", (monitor) => readIndexes(monitor, "a")],
  [
    "metrics",
    async (monitor) => prometheusText(await readStatus(monitor, SQL_DIRECTORY), monitor.stack),
  ],
];

/** Those that ask nothing of the books: PostgreSQL alone tells. */
const WITHOUT_BOOKS = ["locks"];

let cluster: TestCluster;
let platform: TestPlatform;
let monitor: MonitorContext;
beforeAll(async () => {
  cluster = await startCluster({
    settings: {
      shared_preload_libraries: "pg_stat_statements",
      track_activity_query_size: "1MB",
    },
  });
  platform = await preparePlatform(cluster, { disposable: true });
  await platform.admin.query("create extension pg_stat_statements schema extensions");
  await provisionTenant(platform.ctx, spec("a"));
  monitor = monitorOf(cluster, platform);
});
afterAll(() => monitor.pool.end());

describe("while tenants are dropped and made", () => {
  it.each(LOOKS)("%s tells what there is", async (_, look) => {
    const guests = { left: false };
    const comeAndGo = async (): Promise<void> => {
      for (let turn = 0; turn < 3; turn += 1) {
        await provisionTenant(platform.ctx, spec("guest"));
        await removeTenant(platform.ctx, "guest");
      }
      guests.left = true;
    };
    const others = comeAndGo();
    let looks = 0;
    for (; !guests.left; looks += 1) await look(monitor);
    await others;
    expect(looks).toBeGreaterThan(0);
  });
});

describe("with a query of a megabyte under way, and waited for", () => {
  it.each(LOOKS)("%s is brief, and shows none of its data", async (_, look) => {
    const text = `/* ${"x".repeat(1_000_000)} */ 'secret' || repeat('secret', 3)`;
    const holder = await platform.as(platform.roles.user);
    const waiter = await platform.as(platform.roles.user);
    await holder.query("begin; lock table tenant_a.employees in exclusive mode");
    await holder.query(`select ${text}`);
    const waiting = waiter.query(
      `update tenant_a.employees set names = 'secret' where names = ${text}`,
    );
    for (;;) {
      const waits = await platform.rows(
        "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
      );
      if (waits.length > 0) break;
    }
    const told = JSON.stringify(await look(monitor));
    await holder.query("rollback");
    await waiting;
    expect(told.length).toBeLessThan(200_000);
    expect(told).not.toContain("secret");
  });
});

describe("for ten thousand tenants", () => {
  beforeAll(() =>
    platform.rows(`
      insert into tenantry.registry (id, key, schema_name, schema_oid, company, state, isolation, version, stack)
      select 'many_' || n, 'many_' || n, 'tenant_many_' || n, 4000000000 + n, '"><script>' || n, 'active', 'shared', 2, 'tenantry/test'
      from generate_series(1, 10000) n`),
  );
  afterAll(() => platform.rows("delete from tenantry.registry where id like 'many%'"));

  it.each(LOOKS)("%s tells them", async (_, look) => {
    await look(monitor);
  });
});

describe("without pg_stat_statements", () => {
  beforeAll(() => platform.rows("drop extension pg_stat_statements"));
  afterAll(() => platform.rows("create extension pg_stat_statements schema extensions"));

  it.each(LOOKS)("%s says so, or does without", async (name, look) => {
    if (name.startsWith("slow"))
      await expect(look(monitor)).rejects.toMatchObject({ code: "TNT-871" });
    else await look(monitor);
  });
});

describe("as a role that may not look", () => {
  let other: MonitorContext;
  beforeAll(() => {
    const { roles } = platform;
    other = monitorOf(cluster, { ...platform, roles: { ...roles, monitor: roles.user } });
  });
  afterAll(() => other.pool.end());

  it.each(LOOKS)(
    "%s is refused with what to do, or tells nothing of others",
    async (name, look) => {
      if (WITHOUT_BOOKS.includes(name)) expect(await look(other)).toEqual([]);
      else await expect(look(other)).rejects.toMatchObject({ code: "TNT-870" });
    },
  );
});

describe("without a server", () => {
  // The last part: nothing comes after the server's end.
  beforeAll(async () => {
    await platform.close();
    await cluster.stop();
  });

  it.each(LOOKS)("%s names it", async (_, look) => {
    await expect(look(monitor)).rejects.toMatchObject({
      ...{ code: "TNT-401", message: expect.stringContaining(String(cluster.port)) as string },
    });
  });
});
