import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readGrowth } from "../../../src/fleet/monitor/read-growth.ts";
import type { MonitorContext } from "../../../src/fleet/monitor/read-monitor.ts";
import { readSizes } from "../../../src/fleet/monitor/read-sizes.ts";
import { recordReading } from "../../../src/fleet/monitor/record-reading.ts";
import { provisionTenant } from "../../../src/fleet/provision-tenant.ts";
import { removeTenant } from "../../../src/fleet/remove-tenant.ts";
import { sharedCluster } from "../../support/cluster.ts";
import type { TestCluster } from "../../support/cluster.ts";
import { monitorOf } from "../../support/monitor.ts";
import { preparePlatform, spec } from "../../support/platform.ts";
import type { TestPlatform } from "../../support/platform.ts";

let cluster: TestCluster;
let platform: TestPlatform;
let monitor: MonitorContext;
beforeAll(async () => {
  cluster = await sharedCluster();
  platform = await preparePlatform(cluster, { disposable: true });
  for (const id of ["a", "b"]) await provisionTenant(platform.ctx, spec(id));
  monitor = monitorOf(cluster, platform);
});
afterAll(async () => {
  await monitor.pool.end();
  await platform.close();
});
beforeEach(async () => {
  await platform.rows("delete from tenantry.readings");
});

const DAY = 86_400_000;
/** Makes what was recorded so far some days older. */
const age = (days: number) =>
  platform.rows("update tenantry.readings set taken_at = taken_at - make_interval(days => $1)", [
    days,
  ]);

describe("recording", () => {
  it("keeps what the database measures, as the monitor who may write nothing itself", async () => {
    const reading = await recordReading(monitor);
    const sizes = (await readSizes(monitor)).filter(({ tenant }) => tenant !== null);
    const sum = (of: (size: (typeof sizes)[number]) => number) =>
      sizes.reduce((all, size) => all + of(size), 0);
    expect(reading).toMatchObject({
      dataBytes: sum(({ tableBytes, toastBytes }) => tableBytes + toastBytes),
      indexBytes: sum(({ indexBytes }) => indexBytes),
      states: { active: 2 },
      versions: { 3: 2 },
    });
    expect(reading.databaseBytes).toBeGreaterThan(reading.dataBytes + reading.indexBytes);
    expect(reading.connections).toBeGreaterThan(0);
    expect(reading.takenAt.getTime() % 60_000).toBe(0);
    const { readings, tenants } = await readGrowth(monitor);
    expect(readings).toEqual([reading]);
    const told = tenants.map(({ tenant, dataBytes, indexBytes }) => [
      tenant,
      dataBytes,
      indexBytes,
    ]);
    expect(told.sort()).toEqual(
      sizes
        .map(({ tenant, tableBytes, toastBytes, indexBytes }) => [
          tenant,
          tableBytes + toastBytes,
          indexBytes,
        ])
        .sort(),
    );
    const client = await platform.as(platform.roles.monitor);
    for (const change of [
      "insert into tenantry.readings (taken_at) values (now())",
      "update tenantry.monitor_readings set database_bytes = 0",
      "delete from tenantry.readings",
    ])
      await expect(client.query(change)).rejects.toMatchObject({ code: "42501" });
  });

  it("keeps one a minute, however many take it at once", async () => {
    const many = Array.from({ length: 6 }, () => monitorOf(cluster, platform));
    const taken = await Promise.all(many.map(recordReading));
    await Promise.all(many.map(({ pool }) => pool.end()));
    const minutes = [...new Set(taken.map(({ takenAt }) => takenAt.getTime()))].sort();
    const { readings } = await readGrowth(monitor);
    // All in one hour: the last stays.
    expect(readings.map(({ takenAt }) => takenAt.getTime())).toEqual(minutes.slice(-1));
    const again = await recordReading(monitor);
    expect((await readGrowth(monitor)).readings).toEqual([again]);
  });

  it("keeps the last of each of 48 hours and 400 days, and never more", async () => {
    await recordReading(monitor);
    // Twice an hour for 450 days.
    await platform.rows(`
      insert into tenantry.readings
      select date_trunc('day', r.taken_at, 'UTC') - make_interval(mins => 30 * n), r.database_bytes, r.connections,
        r.max_connections, r.states, r.versions, r.data_bytes, r.index_bytes, r.tenant_keys, r.tenant_data_bytes,
        r.tenant_index_bytes
      from tenantry.readings r, generate_series(1, 48 * 450) n`);
    await platform.rows(
      "delete from tenantry.readings where taken_at = (select max(taken_at) from tenantry.readings)",
    );
    const newest = await recordReading(monitor);
    const times = (await readGrowth(monitor)).readings.map(({ takenAt }) => takenAt.getTime());
    expect(times.at(-1)).toBe(newest.takenAt.getTime());
    const days = new Set(times.map((time) => Math.floor(time / DAY)));
    expect(days.size).toBe(400);
    // This hour and 47 before today, each at half past; and the last of 397 days before those hours.
    expect(times).toHaveLength(1 + 47 + 397);
    // Of a day long ago the last one: half past eleven at night.
    expect(new Date(times[10]!).toISOString()).toMatch(/T23:30:00/);
  });

  it("waits for nobody who holds a table for himself", async () => {
    await platform.rows("begin; lock table tenant_b.payroll in access exclusive mode");
    const { states } = await recordReading(monitor);
    await platform.rows("rollback");
    expect(states).toEqual({ active: 2 });
  });

  it("goes on while tenants come and go", async () => {
    const guests = { left: false };
    const comeAndGo = async (): Promise<void> => {
      for (let turn = 0; turn < 6; turn += 1) {
        await provisionTenant(platform.ctx, spec("guest"));
        await removeTenant(platform.ctx, "guest");
      }
      guests.left = true;
    };
    const others = comeAndGo();
    for (; !guests.left;) {
      await platform.rows("delete from tenantry.readings");
      expect((await recordReading(monitor)).states.active).toBeGreaterThanOrEqual(2);
    }
    await others;
  });

  it("says what to do when the books are older, or the right was taken away", async () => {
    const { roles } = platform;
    await platform.rows("alter function tenantry.record_reading() rename to elsewhere");
    await expect(recordReading(monitor)).rejects.toMatchObject({ code: "TNT-870" });
    await platform.rows("alter function tenantry.elsewhere() rename to record_reading");
    await platform.rows(
      `revoke execute on function tenantry.record_reading() from ${roles.monitor}`,
    );
    await expect(recordReading(monitor)).rejects.toMatchObject({ code: "TNT-870" });
    await platform.rows(`grant execute on function tenantry.record_reading() to ${roles.monitor}`);
    expect((await readGrowth(monitor)).readings).toEqual([]);
  });
});

describe("growth", () => {
  it("is the difference from the first reading of the time that is asked for", async () => {
    await recordReading(monitor);
    await age(40);
    await provisionTenant(platform.ctx, spec("late"));
    await recordReading(monitor);
    await age(10);
    await platform.rows(
      "insert into tenant_a.conversations (topic) select repeat('x', 500) from generate_series(1, 2000)",
    );
    await recordReading(monitor);
    const { readings, tenants } = await readGrowth(monitor);
    expect(readings).toHaveLength(3);
    const [first, second] = tenants;
    expect(first).toMatchObject({ tenant: "a", firstAt: readings[0]?.takenAt });
    expect(first!.grownBytes).toBeGreaterThan(1_000_000);
    expect(first!.bytes - first!.grownBytes).toBe(first!.firstBytes);
    // One that was not there yet grew by all it has.
    expect(second).toMatchObject({ tenant: "late", firstBytes: null, grownBytes: second!.bytes });
    const recent = await readGrowth(monitor, new Date(Date.now() - 20 * DAY));
    expect(recent.tenants[0]).toMatchObject({ tenant: "a", firstAt: readings[1]?.takenAt });
    expect(recent.tenants.find(({ tenant }) => tenant === "late")?.grownBytes).toBe(0);
    expect((await readGrowth(monitor, new Date(Date.now() + DAY))).tenants).toEqual([]);
    // A tenant that is gone is told no more; a renamed one by its new name.
    await removeTenant(platform.ctx, "late");
    const left = (await readGrowth(monitor)).tenants.map(({ tenant }) => tenant);
    expect(left.sort()).toEqual(["a", "b"]);
  });

  it("of ten thousand tenants takes less than 300 kB a reading", async () => {
    await platform.rows(`
      insert into tenantry.registry (id, key, schema_name, schema_oid, company, state, isolation, version, stack)
      select 'many_' || n, 'many_' || n, 'tenant_many_' || n, 4000000000 + n, 'Many ' || n, 'active', 'shared', 3, 'tenantry/test'
      from generate_series(1, 10000) n`);
    await recordReading(monitor);
    await age(1);
    await recordReading(monitor);
    // Sizes as different as they come.
    await platform.rows(`
      update tenantry.readings r set
        tenant_data_bytes = (select array_agg((random() * 1e12)::bigint) from unnest(r.tenant_keys)),
        tenant_index_bytes = (select array_agg((random() * 1e12)::bigint) from unnest(r.tenant_keys))`);
    const [stored] = await platform.rows(`
      select max(pg_column_size(tenant_keys) + pg_column_size(tenant_data_bytes) + pg_column_size(tenant_index_bytes))
        as bytes
      from tenantry.readings`);
    expect(stored?.bytes).toBeGreaterThan(100_000);
    expect(stored?.bytes).toBeLessThan(300_000);
    expect((await readGrowth(monitor)).tenants).toHaveLength(10_002);
    await platform.rows("delete from tenantry.registry where id like 'many%'");
  });
});
