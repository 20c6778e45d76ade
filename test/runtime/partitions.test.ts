import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPartitions } from "../../src/admin/main.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { renameTenant } from "../../src/fleet/rename-tenant.ts";
import { retireTenant } from "../../src/fleet/retire-tenant.ts";
import { updateTenant } from "../../src/fleet/update-tenant.ts";
import {
  createTenantPool,
  currentPartition,
  currentTenant,
  tenantGuard,
  tenantQuery,
} from "../../src/runtime/index.ts";
import type { ScopeTransaction, TenantPool, TenantPoolOptions } from "../../src/runtime/index.ts";
import { sharedCluster } from "../support/cluster.ts";
import { pgbouncerMissing, startPgBouncer } from "../support/pgbouncer.ts";
import { preparePlatform, smallSqlDirectory, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

if (pgbouncerMissing !== undefined)
  process.stderr.write(`Partitions through PgBouncer are not tried: ${pgbouncerMissing}\n`);

const UUID = "6f1c2a9e-0b7d-4c55-9a3e-1d2f3a4b5c6d";

/** A database with tenant schemas, and one without. */
let tenants: TestPlatform;
let values: TestPlatform;
let strict: string;
let pool: TenantPool;
const pools: TenantPool[] = [];

const open = (platform: TestPlatform, options: TenantPoolOptions = {}): TenantPool => {
  const opened = createTenantPool({ ...platform.login(platform.roles.user), max: 1, ...options });
  pools.push(opened);
  return opened;
};
const code = (expected: string) => ({ code: expected });

beforeAll(async () => {
  const cluster = await sharedCluster();
  const sqlDirectory = smallSqlDirectory();
  tenants = await preparePlatform(cluster, { sqlDirectory });
  strict = `part_${tenants.database.slice(-6)}`;
  await provisionTenant(tenants.ctx, spec("isp_1"));
  await provisionTenant(tenants.ctx, spec(strict, { isolation: "strict" }));
  values = await preparePlatform(cluster, { sqlDirectory, partitions: "values" });
  const { pool: connections, roles, partitionKey, stack } = values.ctx;
  const partitions = openPartitions({
    ...{ pool: connections, partitionKey, stack, owner: roles.owner, placement: "values" },
  });
  for (const key of ["isp_1", "isp_2", UUID]) await partitions.create(key);
  for (const key of ["isp_1", "isp_2"])
    await values.rows("insert into shared.conversations (tenant_id, topic) values ($1, $2)", [
      key,
      `of ${key}`,
    ]);
  pool = open(values, { isolation: "partitions" });
});
afterAll(async () => {
  await Promise.all(pools.map((opened) => opened.end()));
  await tenants.close();
  await values.close();
});

describe("one application, whatever keeps its tenants apart", () => {
  const databases = {
    shared: () => ({ platform: tenants, id: "isp_1", leaf: "conversations" }),
    strict: () => ({ platform: tenants, id: strict, leaf: "conversations" }),
    partitions: () => ({
      ...{ platform: values, id: UUID, leaf: `partitions."conversations/${UUID}"` },
    }),
  };
  test.each(["shared", "strict", "partitions"] as const)(
    "%s: it writes and reads the one partition, and names no key",
    async (isolation) => {
      const { platform, id, leaf } = databases[isolation]();
      const partition = open(platform, { isolation }).forPartition(id);
      expect(partition.id).toBe(id);
      await partition.query("insert into conversations (topic) values ($1)", ["first"]);
      const deep = () =>
        tenantQuery(
          "select tenant_id, topic, tableoid::regclass::text as leaf from conversations order by topic",
        );
      const rows = await partition.transaction(async (tx) => {
        await tx.query("insert into conversations (topic) values ($1)", ["second"]);
        expect(currentTenant()).toBe(id);
        return (await deep()).rows;
      });
      expect(rows).toEqual([
        { tenant_id: id, topic: "first", leaf },
        { tenant_id: id, topic: "second", leaf },
      ]);
    },
  );
});

describe("with tenant schemas", () => {
  test("a partition whose tenant cannot be entered is told as the tenant is", async () => {
    const shared = open(tenants);
    const enter = (id: string) => shared.forPartition(id).query("select 1");
    await expect(enter("nobody")).rejects.toMatchObject(code("TNT-803"));
    await provisionTenant(tenants.ctx, spec("tired"));
    await updateTenant(tenants.ctx, spec("tired", { state: "suspended" }));
    await expect(enter("tired")).rejects.toMatchObject(code("TNT-804"));
    await retireTenant(tenants.ctx, spec("tired", { state: "retired" }));
    await expect(enter("tired")).rejects.toMatchObject(code("TNT-805"));
    await provisionTenant(tenants.ctx, spec("old_name"));
    await renameTenant(tenants.ctx, "old_name", "new_name");
    await expect(enter("old_name")).rejects.toMatchObject(code("TNT-806"));
    await enter("new_name");
    expect(() => shared.forPartition(UUID)).toThrow(/TNT-802/);
  });

  test("a pool for partitions alone is told that there are schemas", async () => {
    const wrong = open(tenants, { isolation: "partitions" });
    for (const id of ["isp_1", "nobody"])
      await expect(wrong.forPartition(id).query("select 1")).rejects.toMatchObject(code("TNT-853"));
    await expect(wrong.check()).rejects.toMatchObject(code("TNT-853"));
    await tenants.rows("drop function central.has_partition");
    await expect(wrong.forPartition("isp_1").query("select 1")).rejects.toThrow(
      /does not reach the shared tables.*tenantry:partitions: values.*TNT-853/,
    );
    await expect(wrong.check()).rejects.toMatchObject(code("TNT-853"));
  });
});

describe("without tenant schemas", () => {
  const topics = "select topic from conversations";
  const own = (id: string) => [{ topic: `of ${id}` }];

  test("each scope sees the rows of its value, and the calls for tenants are the same", async () => {
    for (const id of ["isp_1", "isp_2"]) {
      expect((await pool.forPartition(id).query(topics)).rows).toEqual(own(id));
      expect((await pool.tenantQuery(id, topics)).rows).toEqual(own(id));
      expect((await pool.withTenant(id, (tx) => tx.query(topics))).rows).toEqual(own(id));
    }
  });

  test("a value without a partition is told, and reads and writes nothing", async () => {
    for (const work of [
      () => pool.forPartition("isp_3").query("insert into conversations (topic) values ('lost')"),
      () => pool.forPartition("isp_3").transaction(() => Promise.resolve()),
    ])
      await expect(work()).rejects.toThrow(
        /Partition not found: "isp_3".*npx tenantry partitions create isp_3.*TNT-852/,
      );
    // No name of a partition is cut down to one that is there.
    const long = `isp_1${"0".repeat(80)}`;
    await expect(pool.forPartition(long).query(topics)).rejects.toMatchObject(code("TNT-852"));
    expect(await values.rows("select from shared.conversations_default")).toEqual([]);
  });

  test.each(["", "isp 1", "isp_1'; drop table x; --", "isp_1,isp_2", "ñ"])(
    "%j is no value: nothing is sent",
    (id) => {
      expect(() => pool.forPartition(id)).toThrow(/TNT-843/);
    },
  );

  test("what is no text is no value", () => {
    for (const id of [undefined, null, 7, ["isp_1"]])
      expect(() => pool.forPartition(id as never)).toThrow(/TNT-802/);
  });

  test.each([
    "insert into conversations (tenant_id, topic) values ('isp_2', 'x')",
    `insert into conversations (id, tenant_id, topic) select id, 'isp_2', topic from conversations
       on conflict (id, tenant_id) do update set topic = 'x'`,
    "update conversations set tenant_id = 'isp_2'",
    "merge into conversations using (select 1) one on false when not matched then insert (tenant_id, topic) values ('isp_2', 'x')",
    "insert into topics (tenant_id, topic) values ('isp_2', 'x')",
    "update topics set tenant_id = 'isp_2'",
  ])("a row of another value is refused: %s", async (sql) => {
    await values.rows(`
      create or replace view shared.topics with (security_invoker = true)
        as select id, tenant_id, topic from shared.conversations;
      grant select, insert, update on shared.topics to ${values.roles.user}`);
    await expect(pool.forPartition("isp_1").query(sql)).rejects.toMatchObject(code("42501"));
    const partition = pool.forPartition("isp_1");
    await expect(partition.transaction((tx) => tx.query(sql))).rejects.toMatchObject(code("42501"));
    const there = "select topic from shared.conversations where tenant_id = 'isp_2'";
    expect(await values.rows(there)).toEqual(own("isp_2"));
  });

  test("an upsert of one's own row, and COPY, which a policy cannot hold back", async () => {
    const { rows } = await pool.forPartition("isp_1").query(
      `insert into conversations (id, topic) select id, topic from conversations
         on conflict (id, tenant_id) do update set updated_at = now() returning topic`,
    );
    expect(rows).toEqual(own("isp_1"));
    await expect(
      pool.forPartition("isp_1").query("copy conversations (topic) from stdin"),
    ).rejects.toMatchObject(code("0A000"));
  });

  test("PostgreSQL plans, or at the latest opens, the one partition", async () => {
    const plan = (tx: ScopeTransaction, sql: string) =>
      tx.query(`explain (costs off) ${sql}`).then(({ rows }) => JSON.stringify(rows));
    await pool.forPartition("isp_1").transaction(async (tx) => {
      for (const mode of ["force_custom_plan", "force_generic_plan"]) {
        await tx.query(`set local plan_cache_mode = ${mode}`);
        await tx.query(`prepare reading as ${topics}`);
        const read = await plan(tx, "execute reading");
        expect(read).toContain("conversations/isp_1");
        expect(read).not.toMatch(/isp_2|_default/);
        await tx.query("deallocate reading");
      }
    });
  });

  test("scopes nest, end and are asserted as those of tenants", async () => {
    const partition = pool.forPartition("isp_1");
    await partition.transaction(async () => {
      expect((await pool.forPartition("isp_1").query(topics)).rows).toEqual(own("isp_1"));
      await expect(pool.forPartition("isp_2").query(topics)).rejects.toMatchObject(code("TNT-809"));
    });
    await expect(tenantQuery(topics)).rejects.toMatchObject(code("TNT-808"));
    const turned = partition.transaction((tx) =>
      tx.query("select set_config('app.current_tenant', 'isp_2', true)"),
    );
    await expect(turned).rejects.toMatchObject(code("TNT-813"));
    await expect(partition.transaction((tx) => tx.query("commit"))).rejects.toMatchObject(
      code("TNT-812"),
    );
    const kept = await partition.transaction((tx) => Promise.resolve(tx));
    await expect(kept.query(topics)).rejects.toMatchObject(code("TNT-810"));
    const failed = partition.transaction(async (tx) => {
      await tx.query("insert into conversations (topic) values ('taken back')");
      await tx.query("select 1 / 0");
    });
    await expect(failed).rejects.toMatchObject(code("22012"));
    expect((await pool.forPartition("isp_1").query(topics)).rows).toEqual(own("isp_1"));
  });

  test("the shared side has no value", async () => {
    const { rows } = await pool.withCentral((tx) =>
      tx.query("select current_setting('app.current_tenant') as value"),
    );
    expect(rows).toEqual([{ value: "" }]);
  });

  test.skipIf(pgbouncerMissing !== undefined)(
    "through a PgBouncer with one server connection, each sees its own rows",
    async () => {
      const login = values.login(values.roles.user);
      const pooler = await startPgBouncer(login, "transaction");
      const through = { isolation: "partitions", connectionTimeoutMillis: 0 } as const;
      const pooled = ["isp_1", "isp_2"].map((id) => ({
        id,
        pool: createTenantPool({ ...pooler.through(login), ...through }),
      }));
      const processes = new Set<unknown>();
      await Promise.all(
        Array.from({ length: 100 }, async (_, index) => {
          const { id, pool: own } = pooled[index % 2]!;
          const partition = own.forPartition(id);
          const sql = "select topic, pg_backend_pid() as process from conversations";
          const { rows } =
            index % 4 < 2
              ? await partition.query(sql)
              : await partition.transaction((tx) => tx.query(sql));
          expect(rows.map(({ topic }) => topic)).toEqual([`of ${id}`]);
          rows.forEach(({ process }) => processes.add(process));
        }),
      );
      expect(processes.size).toBe(1);
      for (const { pool: own } of pooled) {
        await own.check();
        await own.end();
      }
      await pooler.stop();
    },
  );

  test("the guard lets in whoever has a partition", async () => {
    const guard = tenantGuard({ standing: pool.standing });
    const server = createServer((request, response) => {
      guard(request, response, () => response.end(currentPartition()));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const ask = async (id: string) => {
      const headers = { "X-Tenant-ID": id };
      const answer = await fetch(`http://127.0.0.1:${port}`, { headers });
      return [answer.status, answer.status === 200 ? await answer.text() : ""];
    };
    expect(await ask(UUID)).toEqual([200, UUID]);
    for (const id of ["isp_3", "isp 1", "isp_1,isp_2"]) expect(await ask(id)).toEqual([400, ""]);
    server.close();
  });
});

describe("check", () => {
  test("finds nothing where all is as up leaves it", async () => {
    await pool.check();
  });

  test("names everything by which a login passes by the policies", async () => {
    const { user } = values.roles;
    const damage = [
      [
        "alter table shared.messages disable row level security",
        "alter table shared.messages enable row level security",
        "may use shared.messages, and no row level security",
      ],
      [
        `grant truncate on shared.conversations to ${user}`,
        `revoke truncate on shared.conversations from ${user}`,
        "may truncate shared.conversations",
      ],
      [
        `grant usage on schema partitions to ${user}; grant update (topic) on partitions."conversations/isp_2" to ${user}`,
        `revoke usage on schema partitions from ${user}; revoke update (topic) on partitions."conversations/isp_2" from ${user}`,
        'may use partitions."conversations/isp_2"',
      ],
      [
        `alter role ${user} set app.current_tenant = 'isp_2'`,
        `alter role ${user} reset app.current_tenant`,
        "app.current_tenant is isp_2 outside of any scope",
      ],
      [`alter role ${user} bypassrls`, `alter role ${user} nobypassrls`, "bypasses row level"],
    ] as const;
    for (const [sql] of damage) await values.rows(sql);
    const damaged = open(values, { isolation: "partitions" });
    const message = await damaged.check().then(
      () => "",
      (error: unknown) => (error as Error).message,
    );
    for (const [, , part] of damage) expect(message).toContain(part);
    for (const [, repair] of damage) await values.rows(repair);
    await open(values, { isolation: "partitions" }).check();
  });
});
