import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TenantSpec } from "../../src/core/tenant.ts";
import { listTenants } from "../../src/fleet/list-tenants.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { readTenant } from "../../src/fleet/read-tenant.ts";
import { removeTenant } from "../../src/fleet/remove-tenant.ts";
import { updateTenant } from "../../src/fleet/update-tenant.ts";
import { createPool } from "../../src/postgres/pool.ts";
import { sharedCluster } from "../support/cluster.ts";
import type { TestCluster } from "../support/cluster.ts";
import { cuttingProxy } from "../support/cutting-proxy.ts";
import { preparePlatform, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

let cluster: TestCluster;
let platform: TestPlatform;
beforeAll(async () => {
  cluster = await sharedCluster();
  platform = await preparePlatform(cluster);
});
afterAll(() => platform.close());

const rowsOf = (sql: string) => platform.rows(sql);

/** Everything a half-made tenant could leave behind. */
const traces = (): Promise<Record<string, unknown>[]> =>
  rowsOf(`select
    (select array_agg(nspname::text order by 1) from pg_namespace where nspname like 'tenant\\_%') as schemas,
    (select array_agg(rolname::text order by 1) from pg_roles where rolname = 'tenant_crash') as roles,
    (select array_agg(id order by 1) from tenantry.registry) as registry,
    (select array_agg(id order by 1) from central.tenants) as central,
    (select count(*) from tenantry.ledger) as ledger,
    (select count(*) from central.audit_log) as audit,
    (select array_agg(topic order by 1) from shared.conversations_default) as orphans`);

describe("provisionTenant", () => {
  it("makes schema, tables, indexes, partitions, registry, audit and ledger rows", async () => {
    const { ctx } = platform;
    const place = await provisionTenant(ctx, spec("one", { company: "Uno 'SpA' \\ \"X\"" }));
    expect(place).toEqual({ schema: "tenant_one", key: "one", version: 3 });
    expect(
      await rowsOf(
        "select array_agg(relname::text order by relname) as tables from pg_class where relnamespace = 'tenant_one'::regnamespace and relkind = 'r'",
      ),
    ).toEqual([
      {
        tables: [
          "absences",
          "contracts",
          "conversations",
          "employees",
          "messages",
          "payroll",
          "payroll_items",
        ],
      },
    ]);
    expect(await readTenant(ctx, "one")).toEqual({
      spec: spec("one", { company: "Uno 'SpA' \\ \"X\"" }),
      schema: "tenant_one",
      key: "one",
      version: 3,
      drift: { rights: [], objects: [] },
      missingPartitions: [],
    });
    expect(await listTenants(ctx)).toMatchObject([
      {
        id: "one",
        schema: "tenant_one",
        company: "Uno 'SpA' \\ \"X\"",
        state: "active",
        version: 3,
      },
    ]);
    expect((await listTenants(ctx))[0]!.sizeBytes).toBeGreaterThan(0);
    expect(await rowsOf("select id, schema_name, active from central.tenants")).toEqual([
      { id: "one", schema_name: "tenant_one", active: true },
    ]);
    expect(
      await rowsOf(
        "select number, duration > interval '0' as timed from tenantry.ledger where tenant_key = 'one' order by 1",
      ),
    ).toEqual([1, 2, 3].map((number) => ({ number, timed: true })));
    expect(
      await rowsOf(
        "select action, actor, after from central.audit_log where tenant_id is not null",
      ),
    ).toMatchObject([
      { action: "tenant.created", actor: "postgres", after: { id: "one", version: 3 } },
    ]);
  });

  it("has the document's indexes and autovacuum settings", async () => {
    const indexes = await rowsOf(
      "select indexname as name, indexdef as definition from pg_indexes where schemaname = 'tenant_one' and indexname like 'idx\\_%' order by 1",
    );
    expect(
      Object.fromEntries(indexes.map(({ name, definition }) => [name, definition])),
    ).toMatchObject({
      idx_employees_rut: expect.stringContaining("employees USING btree (rut)"),
      idx_contracts_employee_dates: expect.stringContaining(
        "(employee_id, fecha_inicio, fecha_termino)",
      ),
      idx_contracts_active: expect.stringContaining("(employee_id) WHERE (fecha_termino IS NULL)"),
      idx_payroll_period: expect.stringContaining("payroll USING btree (year, month)"),
    });
    expect(
      await rowsOf("select reloptions from pg_class where oid = 'tenant_one.payroll'::regclass"),
    ).toEqual([
      {
        reloptions: ["autovacuum_vacuum_scale_factor=0.05", "autovacuum_analyze_scale_factor=0.02"],
      },
    ]);
  });

  it("changes nothing when the tenant is there as declared", async () => {
    const before = await traces();
    const again = await provisionTenant(
      platform.ctx,
      spec("one", { company: "Uno 'SpA' \\ \"X\"" }),
    );
    expect(again).toEqual({ schema: "tenant_one", key: "one", version: 3 });
    expect(await traces()).toEqual(before);
  });

  it("makes a tenant once when two runs start at once", async () => {
    const [a, b] = await Promise.all([
      provisionTenant(platform.ctx, spec("twice")),
      provisionTenant(platform.ctx, spec("twice")),
    ]);
    expect(a).toEqual(b);
    expect(
      await rowsOf("select count(*)::int from central.audit_log where tenant_id = 'twice'"),
    ).toEqual([{ count: 1 }]);
  });

  it("makes many at once", async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `many_${index}`);
    await Promise.all(ids.map((id) => provisionTenant(platform.ctx, spec(id))));
    expect((await listTenants(platform.ctx)).map(({ id }) => id)).toEqual(
      expect.arrayContaining(ids),
    );
  });

  it("moves the rows that waited in DEFAULT, and no others", async () => {
    await rowsOf(
      "insert into shared.conversations (tenant_id, topic) values ('late', 'a'), ('late', 'b'), ('other', 'c')",
    );
    await provisionTenant(platform.ctx, spec("late"));
    expect(await rowsOf("select topic from tenant_late.conversations order by 1")).toEqual([
      { topic: "a" },
      { topic: "b" },
    ]);
    expect(await rowsOf("select tenant_id, topic from shared.conversations_default")).toEqual([
      { tenant_id: "other", topic: "c" },
    ]);
    await rowsOf("insert into tenant_late.conversations (topic) values ('d')");
    expect(
      await rowsOf("select count(*)::int from shared.conversations where tenant_id = 'late'"),
    ).toEqual([{ count: 3 }]);
  });

  /** Makes a tenant, and is cut off after so many statements. @returns how many it took; `undefined` when it was cut off */
  async function makeUntil(limit: number, declared: TenantSpec): Promise<number | undefined> {
    const proxy = await cuttingProxy(cluster, limit);
    const { user, password } = cluster;
    const pool = createPool({ ...proxy, user, password, database: platform.database });
    try {
      await provisionTenant({ ...platform.ctx, pool }, declared);
      return proxy.statements();
    } catch (error) {
      expect(String(error)).toMatch(/TNT-40[12]/);
      return undefined;
    } finally {
      await pool.end();
      await proxy.close();
    }
  }

  it("leaves nothing after a crash between any two statements, and finishes afterwards", async () => {
    const declared = spec("crash", { isolation: "strict" });
    await rowsOf("insert into shared.conversations (tenant_id, topic) values ('crash', 'waits')");
    const before = await traces();
    let limit = 0;
    let total: number | undefined;
    // The last one is the commit: cut before its reply, it is done although nobody heard of it.
    for (; total === undefined; limit += 1) {
      total = await makeUntil(limit, declared);
      if (total === undefined) expect(await traces()).toEqual(before);
    }
    expect(total).toBeGreaterThan(40);
    expect(await rowsOf("select topic from tenant_crash.conversations")).toEqual([
      { topic: "waits" },
    ]);
    expect((await readTenant(platform.ctx, "crash"))?.drift).toEqual({ rights: [], objects: [] });
  });

  const slow = { timeout: 300_000 };
  it(
    "loses none of many orphans wherever it is cut off, and opens once all are there",
    slow,
    async () => {
      const waiting = 10_001;
      const declared = spec("many");
      const places = async (): Promise<Record<string, unknown> | undefined> => {
        const [aside] = await rowsOf(
          "select to_regclass('tenant_many.conversations')::text as name",
        );
        const own =
          aside?.name == null ? "shared.conversations limit 0" : "tenant_many.conversations";
        const [found] = await rowsOf(`with all_rows as (
          (select topic from only shared.conversations_default where tenant_id = 'many')
          union all (select topic from only ${own}))
        select count(*)::int as rows, count(distinct topic)::int as topics,
          (select state from tenantry.registry where id = 'many') as state from all_rows`);
        return found;
      };
      const beginAnew = async (): Promise<void> => {
        await removeTenant({ ...platform.ctx, disposable: true }, "many");
        await rowsOf("delete from shared.conversations_default where tenant_id = 'many'");
        await rowsOf(
          `insert into shared.conversations (tenant_id, topic) select 'many', n::text from generate_series(1, ${waiting}) n`,
        );
      };
      let stages = 0;
      await beginAnew();
      const total = (await makeUntil(Infinity, declared)) ?? 0;
      expect(total).toBeGreaterThan(100);
      // That its first transaction is all or nothing is the test before. Rows move in many steps, which are alike.
      const [first, last] = [40, total - 30];
      const sevenths = (from: number) => Array.from({ length: 5 }, (_, index) => from + 7 * index);
      for (const limit of [...sevenths(first), ...sevenths(last)]) {
        await beginAnew();
        await makeUntil(limit, declared);
        const { state, ...found } = (await places()) ?? {};
        expect(found).toEqual({ rows: waiting, topics: waiting });
        if (state === "suspended") stages += 1;
        await provisionTenant(platform.ctx, declared);
        expect(await places()).toEqual({ rows: waiting, topics: waiting, state: "active" });
        expect((await readTenant(platform.ctx, "many"))?.missingPartitions).toEqual([]);
      }
      expect(stages).toBeGreaterThan(4);
    },
  );

  it("finds a tenant whose commit was never answered", async () => {
    const { user, password } = cluster;
    const counted = await cuttingProxy(cluster, Infinity);
    const count = createPool({ ...counted, user, password, database: platform.database });
    await provisionTenant({ ...platform.ctx, pool: count }, spec("counted"));
    const proxy = await cuttingProxy(cluster, counted.statements(), { silently: true });
    const pool = createPool({ ...proxy, user, password, database: platform.database });
    const unheard = provisionTenant({ ...platform.ctx, pool }, spec("unheard"));
    await expect(unheard).rejects.toThrow();
    await expect(provisionTenant(platform.ctx, spec("unheard"))).resolves.toMatchObject({
      version: 3,
    });
    expect(
      await rowsOf("select action from central.audit_log where tenant_id = 'unheard'"),
    ).toEqual([{ action: "tenant.created" }]);
    await Promise.all([pool.end(), count.end(), proxy.close(), counted.close()]);
  });

  it("refuses a schema without our mark, and touches nothing", async () => {
    await rowsOf("create schema tenant_foreign create table precious (id int)");
    const before = await traces();
    await expect(provisionTenant(platform.ctx, spec("foreign"))).rejects.toMatchObject({
      code: "TNT-406",
    });
    await rowsOf(
      "comment on schema tenant_foreign is 'tenantry: tenant foreign of stack tenantry/test'",
    );
    await expect(provisionTenant(platform.ctx, spec("foreign"))).rejects.toMatchObject({
      code: "TNT-406",
    });
    expect(await traces()).toEqual(before);
  });

  it("refuses a schema that was made anew behind its back, or lost its comment", async () => {
    await provisionTenant(platform.ctx, spec("swapped"));
    await rowsOf("comment on schema tenant_swapped is null");
    await expect(readTenant(platform.ctx, "swapped")).rejects.toMatchObject({ code: "TNT-406" });
    await rowsOf("drop schema tenant_swapped cascade");
    await rowsOf("create schema tenant_swapped");
    await rowsOf(
      "comment on schema tenant_swapped is 'tenantry: tenant swapped of stack tenantry/test'",
    );
    await expect(provisionTenant(platform.ctx, spec("swapped"))).rejects.toMatchObject({
      code: "TNT-406",
    });
  });

  it("refuses another stack's tenant", async () => {
    const other = { ...platform.ctx, stack: "tenantry/other" };
    await expect(provisionTenant(other, spec("one"))).rejects.toMatchObject({ code: "TNT-407" });
  });

  it("refuses a role of a strict tenant's name that is not ours", async () => {
    await rowsOf("create role tenant_squatted nologin");
    const strict = spec("squatted", { isolation: "strict" });
    await expect(provisionTenant(platform.ctx, strict)).rejects.toMatchObject({ code: "TNT-414" });
    await expect(provisionTenant(platform.ctx, spec("squatted"))).resolves.toMatchObject({
      version: 3,
    });
    await rowsOf("drop role tenant_squatted");
  });

  it("stays at its pin, and moves on when the pin is raised, but never back", async () => {
    const { ctx } = platform;
    await expect(provisionTenant(ctx, spec("pinned", { pin: 9 }))).rejects.toMatchObject({
      code: "TNT-410",
    });
    expect(await provisionTenant(ctx, spec("pinned", { pin: 1 }))).toMatchObject({ version: 1 });
    expect(await updateTenant(ctx, spec("pinned", { pin: 2 }))).toMatchObject({ version: 2 });
    await expect(updateTenant(ctx, spec("pinned", { pin: 1 }))).rejects.toMatchObject({
      code: "TNT-409",
    });
    expect(await updateTenant(ctx, spec("pinned"))).toMatchObject({ version: 3 });
    expect(await readTenant(ctx, "pinned")).toMatchObject({
      spec: spec("pinned"),
      drift: { objects: [], rights: [] },
    });
  });

  it("makes a tenant anew whose schema was dropped, keeping its users", async () => {
    const { ctx } = platform;
    await provisionTenant(ctx, spec("lost"));
    await rowsOf(
      "insert into central.users (tenant_id, email, full_name) values ('lost', 'a@b.cl', 'A')",
    );
    await rowsOf("drop schema tenant_lost cascade");
    expect(await readTenant(ctx, "lost")).toBeUndefined();
    await expect(updateTenant(ctx, spec("lost"))).rejects.toMatchObject({ code: "TNT-408" });
    expect(await provisionTenant(ctx, spec("lost"))).toMatchObject({ version: 3 });
    expect((await readTenant(ctx, "lost"))?.drift).toEqual({ rights: [], objects: [] });
    expect(
      await rowsOf("select count(*)::int from central.users where tenant_id = 'lost'"),
    ).toEqual([{ count: 1 }]);
  });

  it("waits for whoever reads DEFAULT, and goes on when they end", async () => {
    const reader = await cluster.connect({ database: platform.database });
    await reader.query("begin; select from shared.conversations");
    const waiting = provisionTenant(platform.ctx, spec("patient"));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await reader.query("commit");
    await expect(waiting).resolves.toMatchObject({ version: 3 });
    await reader.end();
  });

  it("stops before the commit when it is told to", async () => {
    const before = await traces();
    const signal = AbortSignal.abort();
    await expect(provisionTenant({ ...platform.ctx, signal }, spec("aborted"))).rejects.toThrow(
      "aborted",
    );
    expect(await traces()).toEqual(before);
  });
});
