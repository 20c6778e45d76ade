import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type pg from "pg";
import type { MaintenanceWork } from "../../src/core/maintenance.ts";
import { maintainFleet } from "../../src/fleet/maintenance/maintain-fleet.ts";
import type { FleetMaintenanceOptions } from "../../src/fleet/maintenance/maintain-fleet.ts";
import { maintainTenant } from "../../src/fleet/maintenance/maintain-tenant.ts";
import { tableSizes } from "../../src/fleet/maintenance/table-sizes.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { removeTenant } from "../../src/fleet/remove-tenant.ts";
import { createPool } from "../../src/postgres/pool.ts";
import { startCluster } from "../support/cluster.ts";
import type { TestCluster } from "../support/cluster.ts";
import { preparePlatform, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

const VACUUM: MaintenanceWork = { does: "vacuum", full: false, analyze: true };
const FULL: MaintenanceWork = { does: "vacuum", full: true, analyze: false };
const ANALYZE: MaintenanceWork = { does: "analyze" };
const CONCURRENTLY: MaintenanceWork = { does: "reindex", concurrently: true };
/** Seconds: short enough for a test, and what is tested is what comes after. */
const SHORT = { patience: 0.2 };

let cluster: TestCluster;
let platform: TestPlatform;
beforeAll(async () => {
  cluster = await startCluster({ settings: { autovacuum: "off" } });
  platform = await preparePlatform(cluster, { disposable: true });
  for (const id of ["a", "b", "c", "d"]) await provisionTenant(platform.ctx, spec(id));
});
afterAll(async () => {
  await platform.close();
  await cluster.stop();
});

/** A session in a transaction that has done this; it ends with the test. */
async function holding(sql: string): Promise<pg.Client> {
  const client = await cluster.connect({ database: platform.database });
  onTestFinished(() => client.end());
  await client.query(`begin; ${sql}`);
  return client;
}

const indexesOf = async (schema: string, where = "true") =>
  (
    await platform.rows(
      `select x.relname as name from pg_index i join pg_class x on x.oid = i.indexrelid
       where x.relnamespace = $1::regnamespace and ${where} order by 1`,
      [schema],
    )
  ).map(({ name }) => String(name));

const lastAudit = async (id: string) =>
  (
    await platform.rows(
      "select action, before, after, run_id from central.audit_log where tenant_id = $1 order by id desc limit 1",
      [id],
    )
  )[0];

describe("one tenant", () => {
  test("is vacuumed and analyzed, and the audit log says so", async () => {
    await platform.admin.query(
      "insert into tenant_a.employees (rut, names, surnames) values ('12345678-5', 'A', 'B')",
    );
    const result = await maintainTenant({ ...platform.ctx, runId: "by-hand" }, "a", VACUUM);
    expect(result).toMatchObject({ id: "a", gone: false, leftOut: [], warnings: [] });
    await platform.admin.query("select pg_stat_force_next_flush()");
    const done = await platform.rows(
      `select count(*)::int as all, count(last_vacuum)::int as vacuumed, count(last_analyze)::int as analyzed
       from pg_stat_user_tables where schemaname = 'tenant_a'`,
    );
    const all = result.tables;
    expect(all).toBeGreaterThan(4);
    expect(done).toEqual([{ all, vacuumed: all, analyzed: all }]);
    expect(await lastAudit("a")).toMatchObject({
      action: "tenant.vacuumed",
      after: { work: "vacuum (analyze)", tables: all, bytes: result.bytesAfter },
      run_id: "by-hand",
    });
  });

  test("gives its room back to the disk with FULL", async () => {
    await platform.admin.query(
      `insert into tenant_b.employees (rut, names, surnames)
       select '1-9', 'A', repeat('x', 900) from generate_series(1, 1);
       alter table tenant_b.employees drop constraint employees_rut_valid;
       insert into tenant_b.employees (rut, names, surnames)
       select n::text, 'A', repeat('x', 900) from generate_series(10, 2000) n;
       delete from tenant_b.employees`,
    );
    const sizes = await tableSizes(platform.ctx, "b");
    expect(sizes).toMatchObject({ table: "tenant_b.employees" });
    expect(await tableSizes(platform.ctx, "none")).toBeUndefined();
    const { bytesBefore, bytesAfter } = await maintainTenant(platform.ctx, "b", FULL);
    expect(bytesBefore).toBe(sizes?.allBytes);
    expect(bytesBefore - bytesAfter).toBeGreaterThan(1_000_000);
  });

  test("is done but for a table that somebody holds, which is named with its holder", async () => {
    const holder = await holding("lock table tenant_a.payroll in share mode");
    const [pid] = (await holder.query("select pg_backend_pid() as pid")).rows as { pid: number }[];
    const result = await maintainTenant(platform.ctx, "a", VACUUM, SHORT);
    expect(result.leftOut).toEqual([
      {
        name: "tenant_a.payroll",
        why: "busy",
        reason: expect.stringMatching(
          new RegExp(`^held by pid ${pid?.pid} of postgres, idle in transaction, for \\d+ s$`),
        ) as string,
      },
    ]);
    expect(result.tables).toBeGreaterThan(3);
    expect(await lastAudit("a")).toMatchObject({ after: { leftOut: ["tenant_a.payroll (busy)"] } });
    // Nothing of the run stays with the connection.
    const { rows } = await platform.ctx.pool.query(
      "select current_user = session_user as same, current_setting('lock_timeout') as timeout",
    );
    expect(rows).toEqual([{ same: true, timeout: "4s" }]);
  });

  test("that is not there is told, and nothing is written", async () => {
    const result = await maintainTenant(platform.ctx, "nobody", ANALYZE);
    expect(result).toMatchObject({ gone: true, tables: 0 });
    expect(await lastAudit("nobody")).toBeUndefined();
  });

  test("whose statement is refused is told with PostgreSQL's words", async () => {
    await platform.admin.query("create table tenant_c.foreign_owner (id integer primary key)");
    onTestFinished(async () => {
      await platform.admin.query("drop table tenant_c.foreign_owner");
    });
    const { leftOut } = await maintainTenant(platform.ctx, "c", {
      does: "reindex",
      concurrently: false,
    });
    expect(leftOut).toEqual([
      {
        name: "tenant_c.foreign_owner",
        why: "failed",
        reason: expect.stringContaining("must be owner of table foreign_owner") as string,
      },
    ]);
  });
});

describe("indexes", () => {
  test("that an interrupted run left over are removed, and no other", async () => {
    const before = await indexesOf("tenant_a");
    const holder = await holding("select from tenant_a.payroll");
    const { leftOut } = await maintainTenant(platform.ctx, "a", CONCURRENTLY, SHORT);
    const left = await indexesOf("tenant_a", "not i.indisvalid");
    expect(left.length).toBeGreaterThan(0);
    expect(left.filter((name) => !/^(idx_)?payroll_.*_cc(new|old)$/.test(name))).toEqual([]);
    expect(leftOut.map(({ name, why }) => `${why} ${name}`).sort()).toEqual(
      ["tenant_a.payroll", ...left.map((name) => `tenant_a.${name}`)]
        .map((name) => `busy ${name}`)
        .sort(),
    );
    await holder.query("rollback");
    const next = await maintainTenant(platform.ctx, "a", CONCURRENTLY);
    expect(next).toMatchObject({ leftOut: [], warnings: [] });
    expect(next.removed.map((name) => name.replace("tenant_a.", ""))).toEqual(left);
    expect(await indexesOf("tenant_a")).toEqual(before);
    expect(await lastAudit("a")).toMatchObject({ action: "tenant.reindexed" });
  });

  test("of TOAST tables are removed, too", async () => {
    const holder = await holding("select from tenant_a.employees");
    await platform.admin.query("set lock_timeout = '200ms'");
    await expect(
      platform.admin.query("reindex table concurrently tenant_a.employees"),
    ).rejects.toMatchObject({ code: "55P03" });
    await platform.admin.query("reset lock_timeout");
    await holder.query("rollback");
    // Without --concurrently they would be made whole.
    const { removed } = await maintainTenant(platform.ctx, "a", {
      does: "reindex",
      concurrently: false,
    });
    expect(removed.filter((name) => name.startsWith("pg_toast."))).toHaveLength(1);
    expect(removed).toContain("tenant_a.employees_pkey_ccold");
    const invalid = await platform.rows("select from pg_index where not indisvalid");
    expect(invalid).toEqual([]);
  });

  test("in the making are left alone", async () => {
    // It waits for this transaction, in the middle of its work.
    const holder = await holding("select from tenant_a.payroll");
    const making = await cluster.connect({ database: platform.database });
    onTestFinished(() => making.end());
    const reindexed = making.query("reindex table concurrently tenant_a.payroll");
    await expect
      .poll(() => indexesOf("tenant_a", "not i.indisvalid"), { timeout: 10_000 })
      .not.toEqual([]);
    const { removed, leftOut } = await maintainTenant(platform.ctx, "a", CONCURRENTLY, SHORT);
    expect(removed).toEqual([]);
    expect(leftOut).toMatchObject([{ name: "tenant_a.payroll" }]);
    await holder.query("rollback");
    await reindexed;
    expect(await indexesOf("tenant_a", "not i.indisvalid")).toEqual([]);
  });
});

describe("all tenants", () => {
  beforeEach(() => platform.admin.query("truncate central.audit_log"));

  const run = async (
    work: MaintenanceWork,
    options: FleetMaintenanceOptions = {},
    signal?: AbortSignal,
  ) => {
    const told: string[] = [];
    const ctx = signal ? { ...platform.ctx, signal } : platform.ctx;
    const result = await maintainFleet(ctx, work, {
      ...options,
      onTenant: (tenant) => {
        told.push(tenant.gone ? `${tenant.id} gone` : tenant.id);
        options.onTenant?.(tenant);
      },
      onResume: ({ done }) => told.push(`after ${done.toSorted().join()}`),
    }).catch((error: unknown) => error);
    return { result, told };
  };

  test("are done, and the run is written down from its beginning to its end", async () => {
    const { result, told } = await run(ANALYZE);
    expect(result).toEqual({ maintained: 4, skipped: 0, gone: 0, failed: 0, leftOut: 0 });
    expect(told.toSorted()).toEqual(["a", "b", "c", "d"]);
    const rows = await platform.rows(
      "select action, count(*)::int, count(distinct run_id)::int as runs from central.audit_log group by 1 order by min(id)",
    );
    expect(rows).toEqual([
      { action: "maintenance.begun", count: 1, runs: 1 },
      { action: "tenant.analyzed", count: 4, runs: 1 },
      { action: "maintenance.ended", count: 1, runs: 1 },
    ]);
    // It came to its end: the next one begins anew.
    expect(await run(ANALYZE)).toMatchObject({ result: { maintained: 4, skipped: 0 } });
  });

  test("an interrupted run is gone on with, and only by the same work", async () => {
    const controller = new AbortController();
    const first = await run(
      FULL,
      {
        onTenant: ({ id }) => {
          if (id === "b") controller.abort();
        },
      },
      controller.signal,
    );
    expect(first.result).toMatchObject({ name: "AbortError" });
    expect(first.told).toEqual(["a", "b"]);
    expect((await run(ANALYZE)).result).toMatchObject({ maintained: 4 });
    expect(await run(FULL)).toEqual({
      result: { maintained: 2, skipped: 2, gone: 0, failed: 0, leftOut: 0 },
      told: ["after a,b", "c", "d"],
    });
    expect((await run(FULL)).told).toEqual(["a", "b", "c", "d"]);
  });

  test("an interrupted run is forgotten on request, and after half a day", async () => {
    const interrupted = async () => {
      const controller = new AbortController();
      await run(
        FULL,
        {
          onTenant: () => {
            controller.abort();
          },
        },
        controller.signal,
      );
    };
    await interrupted();
    expect((await run(FULL, { fromStart: true })).told).toEqual(["a", "b", "c", "d"]);
    await interrupted();
    await platform.admin.query(
      "update central.audit_log set created_at = created_at - interval '13 hours'",
    );
    expect((await run(FULL)).told).toEqual(["a", "b", "c", "d"]);
  });

  test("what an application writes into the log decides nothing", async () => {
    const app = await platform.as(platform.roles.app);
    const forge = (action: string, id: string | null, after: unknown) =>
      app.query(
        "insert into central.audit_log (action, tenant_id, after, run_id) values ($1, $2, $3, 'forged')",
        [action, id, JSON.stringify(after)],
      );
    await forge("maintenance.begun", null, { stack: platform.ctx.stack, work: "analyze" });
    await forge("tenant.analyzed", "a", {});
    expect((await run(ANALYZE)).result).toMatchObject({ maintained: 4, skipped: 0 });
  });

  test("a tenant that is removed on the way is told, and the others go on", async () => {
    await provisionTenant(platform.ctx, spec("z"));
    const { result, told } = await run(FULL, {
      onTenant: ({ id }) => {
        if (id === "a") removed = removeTenant(platform.ctx, "z");
      },
    });
    await removed;
    expect(told.slice(0, 4)).toEqual(["a", "b", "c", "d"]);
    expect(told[4]).toBe("z gone");
    expect(result).toMatchObject({ maintained: 4, gone: 1, failed: 0 });
  });
  let removed: Promise<void> | undefined;

  test("two runs at once are one too many", async () => {
    let second: Promise<unknown> | undefined;
    await run(ANALYZE, {
      onTenant: () => {
        second ??= run(VACUUM).then(({ result }) => result);
      },
    });
    expect(await second).toMatchObject({ code: "TNT-886" });
  });

  test("a server that ends its sessions ends the run, and the next one goes on", async () => {
    const holder = await holding("lock table tenant_b.payroll");
    const waiting = run(FULL, { patience: 60 });
    const waits = () =>
      platform.rows(
        "select from pg_locks where relation = 'tenant_b.payroll'::regclass and not granted",
      );
    await expect.poll(waits, { timeout: 20_000 }).toHaveLength(1);
    await platform.admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tenantry' and datname = $1",
      [platform.database],
    );
    const { result, told } = await waiting;
    expect(result).toMatchObject({
      code: "TNT-887",
      message: expect.stringContaining("after 1 of 4 tenants") as string,
    });
    expect(told).toEqual(["a"]);
    await holder.query("rollback");
    // The pool hears of the others' end a moment later.
    await expect.poll(() => platform.ctx.pool.totalCount, { timeout: 10_000 }).toBe(0);
    expect((await run(FULL)).told).toEqual(["after a", "b", "c", "d"]);
  });

  test("a server that is down is told at once", async () => {
    const { host, port, user, password } = cluster;
    const pool = createPool({ host, port: 1, user, password, database: platform.database });
    await expect(maintainFleet({ ...platform.ctx, pool }, ANALYZE)).rejects.toMatchObject({
      code: "TNT-401",
    });
    expect(port).toBeGreaterThan(1);
    await pool.end();
  });
});
