import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judgeStatus } from "../../../src/fleet/monitor/judge-status.ts";
import { readActivity } from "../../../src/fleet/monitor/read-activity.ts";
import { readIndexes } from "../../../src/fleet/monitor/read-indexes.ts";
import { readLocks } from "../../../src/fleet/monitor/read-locks.ts";
import type { MonitorContext } from "../../../src/fleet/monitor/read-monitor.ts";
import { readSizes, readTableSizes } from "../../../src/fleet/monitor/read-sizes.ts";
import { readSlow } from "../../../src/fleet/monitor/read-slow.ts";
import { readStatus } from "../../../src/fleet/monitor/read-status.ts";
import { examineFleet } from "../../../src/fleet/examine-fleet.ts";
import { provisionTenant } from "../../../src/fleet/provision-tenant.ts";
import { recordExamination } from "../../../src/fleet/record-examination.ts";
import { removeTenant } from "../../../src/fleet/remove-tenant.ts";
import { startCluster } from "../../support/cluster.ts";
import type { TestCluster } from "../../support/cluster.ts";
import { monitorOf } from "../../support/monitor.ts";
import { preparePlatform, spec, SQL_DIRECTORY } from "../../support/platform.ts";
import type { TestPlatform } from "../../support/platform.ts";

let cluster: TestCluster;
let platform: TestPlatform;
let monitor: MonitorContext;
beforeAll(async () => {
  cluster = await startCluster({
    settings: {
      shared_preload_libraries: "pg_stat_statements",
      track_activity_query_size: "1MB",
      autovacuum: "off",
    },
  });
  platform = await preparePlatform(cluster);
  await platform.admin.query("create extension pg_stat_statements schema extensions");
  for (const id of ["a", "b"]) await provisionTenant(platform.ctx, spec(id));
  await provisionTenant(platform.ctx, spec("tight", { isolation: "strict" }));
  await provisionTenant(platform.ctx, spec("off", { state: "suspended" }));
  monitor = monitorOf(cluster, platform);
});
afterAll(async () => {
  await monitor.pool.end();
  await platform.close();
  await cluster.stop();
});

const pidOf = async (client: pg.Client): Promise<number> => {
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  return rows[0]!.pid;
};
/** Waits until sessions wait for locks. */
const waiting = async (number: number): Promise<void> => {
  for (;;) {
    const rows = await platform.rows(
      "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
    );
    if (rows.length >= number) return;
  }
};
const enter = "select set_config('search_path', 'tenant_a, parametros, public, pg_temp', true)";
const employee =
  "insert into employees (rut, names, surnames) values ('12345678-5', 'Ana', 'Rojas')";

describe("status", () => {
  it("tells how the server and its tenants are", async () => {
    const { ctx } = platform;
    const status = await readStatus(monitor, SQL_DIRECTORY);
    expect(status).toMatchObject({
      server: {
        version: expect.stringMatching(/^16\./) as string,
        database: platform.database,
        inRecovery: false,
        pendingRestart: [],
        maxConnections: 100,
        reservedConnections: 3,
      },
      replication: [],
      autovacuum: { enabled: false, maxWorkers: 3, workers: 0 },
      fleet: {
        tenants: 4,
        states: { active: 3, suspended: 1 },
        versions: [{ version: 3, tenants: 4 }],
        failed: 0,
        archives: { without: 4, oldestSeconds: null },
        examinations: [],
      },
      newestVersion: 3,
    });
    expect(status.server.databaseBytes).toBeGreaterThan(1_000_000);
    expect(status.server.connections.used).toBeGreaterThan(0);
    expect([...judgeStatus(status, ctx.stack)]).toEqual(["autovacuum"]);
  });

  it("tells what the doctor found when it looked last", async () => {
    const { ctx } = platform;
    await recordExamination(ctx, await examineFleet(ctx));
    await platform.rows("grant select on tenant_a.payroll to public");
    const diagnosis = await examineFleet(ctx);
    await recordExamination(ctx, diagnosis);
    await platform.rows("revoke select on tenant_a.payroll from public");
    const status = await readStatus(monitor, SQL_DIRECTORY);
    expect(status.fleet.examinations).toMatchObject([
      { stack: ctx.stack, findings: { "DOC-31": 1 } },
    ]);
    expect(judgeStatus(status, ctx.stack).has("doctor")).toBe(true);
    expect(judgeStatus(status, "another/stack").has("doctor")).toBe(false);
  });

  it("tells of a forgotten transaction, dead rows, a setting that waits, and a slot for nobody", async () => {
    const idle = await platform.as(platform.roles.user);
    await idle.query("begin; select 1");
    await platform.rows("create table public.dirty (n int)");
    await platform.rows("insert into public.dirty select generate_series(1, 1000)");
    await platform.rows("delete from public.dirty; select pg_stat_force_next_flush()");
    await platform.rows("alter system set max_connections = 90");
    await platform.rows("select pg_create_physical_replication_slot('nobody', true)");
    await platform.rows("select pg_reload_conf()");
    for (;;) {
      const { server, replication, autovacuum } = await readStatus(monitor, SQL_DIRECTORY);
      if (!server.pendingRestart.includes("max_connections")) continue;
      expect(server.pendingRestart).toContain("max_connections");
      expect(server.oldestTransaction).toMatchObject({
        pid: await pidOf(idle),
        role: platform.roles.user,
        state: "idle in transaction",
      });
      expect(replication).toMatchObject([{ kind: "slot", name: "nobody" }]);
      expect(autovacuum).toMatchObject({ tablesDue: 1, deadRows: 1000, worst: "public.dirty" });
      break;
    }
    await platform.rows("select pg_drop_replication_slot('nobody')");
    await platform.rows("alter system reset max_connections");
    await platform.rows("drop table public.dirty");
    await idle.query("rollback");
  });
});

/** Does something while the monitor may not ask for files. */
async function withoutFiles(work: () => Promise<void>): Promise<void> {
  const right = "execute on function pg_stat_file(text, boolean)";
  await platform.rows(`revoke ${right} from ${platform.roles.monitor}`);
  await work();
  await platform.rows(`grant ${right} to ${platform.roles.monitor}`);
}

describe("sizes", () => {
  it("are those of the files, the largest schema first", async () => {
    await platform.rows(
      "insert into tenant_b.conversations (topic) select repeat('x', 500) from generate_series(1, 2000)",
    );
    await platform.rows(
      "insert into tenant_b.conversations (topic) select string_agg(md5(number::text), '') from generate_series(1, 9000) number",
    );
    await platform.rows("select pg_stat_force_next_flush()");
    const sizes = await readSizes(monitor);
    expect(sizes[0]).toMatchObject({
      schema: "tenant_b",
      tenant: "b",
      state: "active",
      table: null,
    });
    expect(sizes[0]?.toastBytes).toBeGreaterThan(250_000);
    expect(sizes.map(({ bytes }) => bytes)).toEqual(
      sizes.map(({ bytes }) => bytes).toSorted((a, b) => b - a),
    );
    const truth = await platform.rows(`
      select n.nspname as schema, sum(pg_relation_size(c.oid) + coalesce(pg_relation_size(nullif(c.reltoastrelid, 0)), 0)
        + coalesce((select sum(pg_relation_size(i.indexrelid)) from pg_index i where i.indrelid in (c.oid, c.reltoastrelid)), 0))::float8 as bytes
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname ~ '^tenant_' group by 1`);
    const bySchema = ({ schema, bytes }: { schema: unknown; bytes: unknown }) =>
      `${String(schema)} ${String(bytes)}`;
    expect(
      sizes
        .filter(({ tenant }) => tenant !== null)
        .map(bySchema)
        .sort(),
    ).toEqual(truth.map(({ schema, bytes }) => bySchema({ schema, bytes })).sort());
  });

  it("are the same where the monitor may not ask for files", async () => {
    const asked = await readSizes(monitor);
    await withoutFiles(async () => {
      expect(await readSizes(monitor)).toEqual(asked);
    });
  });

  it("are whole for a table of several files, and for one in a tablespace", async () => {
    const bytesOf = async (name: string): Promise<unknown> => {
      const sizes = await readSizes(monitor);
      return sizes.find(({ schema }) => schema === name)?.tableBytes;
    };
    await platform.rows("create schema large create table rows ()");
    const [file] = await platform.rows("select pg_relation_filepath('large.rows') as path");
    const path = join(cluster.dataDirectory, String(file?.path));
    // A full segment, and 8 kB more: files with holes take no room.
    truncateSync(path, 2 ** 30);
    writeFileSync(`${path}.1`, Buffer.alloc(8192));
    expect(await bytesOf("large")).toBe(2 ** 30 + 8192);
    truncateSync(`${path}.1`, 0);
    expect(await bytesOf("large")).toBe(2 ** 30);
    await platform.rows("drop schema large cascade");

    await platform.rows("set allow_in_place_tablespaces = on");
    await platform.rows("create tablespace elsewhere location ''");
    await platform.rows("create schema apart");
    await platform.rows(
      "create table apart.rows tablespace elsewhere as select generate_series(1, 5000)",
    );
    const [size] = await platform.rows("select pg_relation_size('apart.rows')::float8 as bytes");
    expect(await bytesOf("apart")).toBe(size?.bytes);
    await platform.rows("drop schema apart cascade");
    await platform.rows("drop tablespace elsewhere");
  });

  it("of one tenant's tables add up to its own", async () => {
    const tables = await readTableSizes(monitor, "b");
    expect(tables[0]).toMatchObject({ schema: "tenant_b", table: "conversations", tables: 1 });
    const whole = (await readSizes(monitor)).find(({ tenant }) => tenant === "b");
    expect(tables.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(whole?.bytes);
    await expect(readTableSizes(monitor, "bb")).rejects.toMatchObject({
      code: "TNT-872",
      message: expect.stringContaining("Did you mean b?") as string,
    });
  });

  it("wait for nobody who holds a table for himself", async () => {
    const holder = await cluster.connect({ database: platform.database });
    await holder.query("begin; lock table tenant_b.conversations in access exclusive mode");
    const told = async () => (await readSizes(monitor)).find(({ tenant }) => tenant === "b");
    const held = await told();
    await withoutFiles(async () => {
      expect(await told()).toBeDefined();
    });
    await holder.end();
    expect(await told()).toEqual(held);
  });

  it("are told while tenants come and go", async () => {
    const ctx = { ...platform.ctx, disposable: true };
    let looks = 0;
    const guests = { left: false };
    const comeAndGo = async (): Promise<void> => {
      for (let turn = 0; turn < 12; turn += 1) {
        await provisionTenant(ctx, spec("guest"));
        await platform.rows(
          "insert into tenant_guest.conversations (topic) values ('x'); select pg_stat_force_next_flush()",
        );
        await removeTenant(ctx, "guest");
      }
      guests.left = true;
    };
    const others = comeAndGo();
    for (; !guests.left; looks += 1) {
      expect((await readSizes(monitor)).length).toBeGreaterThanOrEqual(8);
      await readIndexes(monitor);
    }
    await others;
    expect(looks).toBeGreaterThan(0);
  });
});

describe("activity", () => {
  it("tells the tenant a session works for, and its query without data", async () => {
    const client = await platform.as(platform.roles.user);
    await client.query(`begin; ${enter}`);
    await client.query("select names from employees where rut = '12345678-5'");
    const pid = await pidOf(client);
    await client.query("select names from employees where rut = '12345678-5'");
    const find = async (showLiterals: boolean) =>
      (await readActivity(monitor, { showLiterals })).find((session) => session.pid === pid);
    expect(await find(false)).toMatchObject({
      role: platform.roles.user,
      state: "idle in transaction",
      tenants: ["a"],
      query: "select names from employees where rut = ?",
    });
    expect((await find(true))?.query).toContain("'12345678-5'");
    await client.query("rollback");
    expect(await find(false)).toMatchObject({ state: "idle", tenants: [] });
  });

  it("cuts a text of a megabyte before it is sent", async () => {
    const client = await platform.as(platform.roles.user);
    await client.query(`begin; select /* ${"x".repeat(1_000_000)} */ 1, 'secret'`);
    const query = (await readActivity(monitor)).map((session) => session.query ?? "");
    expect(Math.max(...query.map(({ length }) => length))).toBeLessThanOrEqual(4004);
    expect(query.join("")).not.toContain("secret");
    await client.query("rollback");
  });
});

describe("locks", () => {
  it("are told as a tree of who waits for whom", async () => {
    const { user } = platform.roles;
    const [first, second, third] = [
      await platform.as(user),
      await platform.as(user),
      await platform.as(user),
    ];
    await first.query(`begin; ${enter}; ${employee}`);
    await first.query("update employees set names = 'Secret' where rut = '12345678-5'");
    const pids = [await pidOf(first), await pidOf(second), await pidOf(third)];
    await first.query("commit; begin");
    await first.query("update tenant_a.employees set names = 'Eva' where rut = '12345678-5'");
    const update = "update tenant_a.employees set surnames = 'Soto' where rut = '12345678-5'";
    const waits = [second.query(update)];
    await waiting(1);
    waits.push(third.query(update));
    await waiting(2);
    const [tree, ...others] = await readLocks(monitor);
    await first.query("rollback");
    await Promise.all(waits);
    expect(others).toEqual([]);
    expect(tree?.session).toMatchObject({
      pid: pids[0],
      role: user,
      state: "idle in transaction",
      wanted: null,
      query: "update tenant_a.employees set names = ? where rut = ?",
    });
    // The third waits for the second one's place in the queue.
    const [waiter] = tree!.waiters;
    expect(waiter?.session).toMatchObject({ pid: pids[1], wanted: "ShareLock on transactionid" });
    expect(waiter?.waiters.map(({ session }) => [session.pid, session.wanted])).toEqual([
      [pids[2], "ExclusiveLock on tenant_a.employees"],
    ]);
  });
});

describe("slow", () => {
  it("puts the same statement of all tenants together, and tells whose it is known to be", async () => {
    await platform.rows("select extensions.pg_stat_statements_reset()");
    const { user } = platform.roles;
    const client = await platform.as(user);
    for (const id of ["a", "b"]) {
      await client.query("begin");
      await client.query("select set_config('search_path', $1, true)", [`tenant_${id}`]);
      await client.query("select names from employees where rut = '1-9'");
      await client.query("commit");
      await client.query(`select surnames from tenant_${id}.employees where rut = '1-9'`);
    }
    await client.query("begin; set local role tenant_tight");
    await client
      .query("select address from tenant_tight.employees where rut = '1-9'")
      .catch(() => undefined);
    await client.query("rollback");
    const { groups, forgotten, since } = await readSlow(monitor);
    const find = (text: string) => groups.find(({ query }) => query === text);
    expect(find("select names from employees where rut = ?")).toMatchObject({
      statements: 2,
      calls: 2,
      tenants: [],
    });
    const qualified = find("select surnames from tenant_*.employees where rut = ?");
    expect(qualified).toMatchObject({
      statements: 2,
      calls: 2,
      rows: expect.any(Number) as number,
    });
    expect(qualified!.tenants.map(({ tenant, calls }) => [tenant, calls]).sort()).toEqual([
      ["a", 1],
      ["b", 1],
    ]);
    expect(forgotten).toBe(0);
    expect(since).toBeInstanceOf(Date);
    const own = (await readSlow(monitor, { tenant: "a" })).groups;
    expect(own.map(({ query }) => query)).toEqual([
      "select surnames from tenant_*.employees where rut = ?",
    ]);
    await expect(readSlow(monitor, { tenant: "nobody" })).rejects.toMatchObject({
      code: "TNT-872",
    });
  });

  it("shows no data of statements that PostgreSQL keeps as they are", async () => {
    await platform.rows("do $$ begin perform 'secret', 12345; end $$");
    const told = JSON.stringify((await readSlow(monitor)).groups);
    expect(told).not.toContain("secret");
    expect(JSON.stringify((await readSlow(monitor, { showLiterals: true })).groups)).toContain(
      "secret",
    );
  });

  it("stands a statement of a megabyte", async () => {
    await platform
      .rows(`select ${Array.from({ length: 200_000 }, (_, n) => `${n}`).join(", ")}`)
      .catch(() => undefined);
    await platform.rows(`select length('${"y".repeat(1_000_000)}') /* ${"z".repeat(1_000_000)} */`);
    const { groups } = await readSlow(monitor);
    expect(groups.some(({ query }) => query.startsWith("select length(?)"))).toBe(true);
    expect(Math.max(...groups.map(({ query }) => query.length))).toBeLessThanOrEqual(4004);
  });
});

describe("indexes", () => {
  it("that are invalid, duplicate, unused or bloated are told, alike ones of tenants together", async () => {
    for (const id of ["a", "b"]) {
      await platform.rows(`set role ${platform.roles.owner}`);
      await platform.rows(`create table tenant_${id}.big (n int primary key, t text)`);
      await platform.rows(`create index big_t on tenant_${id}.big (t)`);
      await platform.rows(`create index big_twin on tenant_${id}.big (t)`);
      await platform.rows(
        `insert into tenant_${id}.big select g, md5(g::text) from generate_series(1, 60000) g`,
      );
      await platform.rows(`delete from tenant_${id}.big where n > 3000`);
      await platform.rows("reset role");
      await platform.rows(`vacuum analyze tenant_${id}.big`);
      await platform.rows(`analyze tenant_${id}.big`);
      await platform.rows(
        `set enable_seqscan = off; select t from tenant_${id}.big where t = 'x'; reset enable_seqscan`,
      );
      await platform.rows("select pg_stat_force_next_flush()");
    }
    await platform.rows("insert into tenant_b.big values (-1, 'same'), (-2, 'same')");
    await platform
      .rows("create unique index concurrently big_broken on tenant_b.big (t)")
      .catch(() => undefined);
    // The error is told before the server has taken back that an index is being built.
    await platform.rows("select");
    const about = (facts: Awaited<ReturnType<typeof readIndexes>>) =>
      facts
        .filter(({ table }) => table === "big")
        .map(({ kind, scope, index, detail, schemas, ofSchemas }) =>
          [kind, scope, index, detail, `${schemas}/${ofSchemas}`].join(" "),
        );
    const all = await readIndexes(monitor);
    expect(about(all)).toEqual(
      expect.arrayContaining([
        "invalid tenant_* big_broken  1/1",
        "duplicate tenant_* big_twin same as big_t 2/2",
        "bloated tenant_* big_pkey  2/2",
      ]),
    );
    // One of the twins answered the query.
    expect(about(all).filter((text) => text.startsWith("unused"))).toHaveLength(1);
    const { bytes, freeBytes } = all.find(
      ({ kind, index }) => kind === "bloated" && index === "big_pkey",
    )!;
    expect(freeBytes / bytes).toBeGreaterThan(0.8);
    expect(about(await readIndexes(monitor, "a"))).not.toContain(
      "invalid tenant_* big_broken  1/1",
    );
    for (const id of ["a", "b"]) await platform.rows(`drop table tenant_${id}.big`);
  });

  it("that constraints need are not told as unused", async () => {
    const unused = (await readIndexes(monitor)).filter(
      ({ kind, scope }) => kind === "unused" && scope === "tenant_*",
    );
    expect(unused.map(({ index }) => index)).toContain("idx_payroll_period");
    expect(unused.filter(({ index }) => /_pkey$|_key$/.test(index))).toEqual([]);
  });
});

describe("ten thousand tenants", () => {
  it("are told like four", async () => {
    await platform.rows(`
      insert into tenantry.registry (id, key, schema_name, schema_oid, company, state, isolation, version, stack)
      select 'many_' || n, 'many_' || n, 'tenant_many_' || n, 4000000000 + n, E'"><b>\\x1b[31m' || n, 'active', 'shared', 2, 'tenantry/test'
      from generate_series(1, 10000) n`);
    const { fleet, newestVersion } = await readStatus(monitor, SQL_DIRECTORY);
    expect(fleet.versions).toEqual([
      { version: 3, tenants: 4 },
      { version: 2, tenants: 10_000 },
    ]);
    expect(newestVersion).toBe(3);
    expect((await readSizes(monitor)).map(({ tenant }) => tenant)).toContain("a");
    await expect(readSlow(monitor, { tenant: "many_10001" })).rejects.toMatchObject({
      code: "TNT-872",
      message: expect.stringContaining("it has 10004") as string,
    });
    await readActivity(monitor);
    await readIndexes(monitor);
    await platform.rows("delete from tenantry.registry where id like 'many%'");
  });
});
