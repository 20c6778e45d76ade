import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PartitionEvent } from "../../../src/core/partition-events.ts";
import { auditOrphans } from "../../../src/fleet/partitions/audit-orphans.ts";
import { cleanUp } from "../../../src/fleet/partitions/clean-up.ts";
import type { PartitionsContext } from "../../../src/fleet/partitions/context.ts";
import { createPartitions } from "../../../src/fleet/partitions/create-partitions.ts";
import { hasPartitions } from "../../../src/fleet/partitions/has-partitions.ts";
import { provisionTenant } from "../../../src/fleet/provision-tenant.ts";
import { retireTenant } from "../../../src/fleet/retire-tenant.ts";
import { createPool } from "../../../src/postgres/pool.ts";
import { sharedCluster } from "../../support/cluster.ts";
import type { TestCluster } from "../../support/cluster.ts";
import { cuttingProxy } from "../../support/cutting-proxy.ts";
import { preparePlatform, smallSqlDirectory, spec } from "../../support/platform.ts";
import type { TestPlatform } from "../../support/platform.ts";

let cluster: TestCluster;
let platform: TestPlatform;
let ctx: PartitionsContext;

beforeAll(async () => {
  cluster = await sharedCluster();
  platform = await preparePlatform(cluster, { sqlDirectory: smallSqlDirectory() });
  ctx = { ...platform.ctx, placement: "tenants" };
  for (const id of ["late", "other", "gone"]) await provisionTenant(platform.ctx, spec(id));
  await retireTenant(platform.ctx, spec("gone", { state: "retired" }));
});
afterAll(() => platform.close());

/** Takes the tenant's partitions away, and gives it so many orphans instead. */
async function orphan(id: string, rows: number): Promise<void> {
  for (const table of ["conversations", "messages"])
    await platform.rows(`drop table if exists tenant_${id}.${table}`);
  await addOrphans(id, rows);
}
const addOrphans = (id: string, rows: number) =>
  platform.rows(
    "insert into shared.conversations (tenant_id, topic) select $1, n::text from generate_series(1, $2::int) n",
    [id, rows],
  );
/** How often each topic is there, through the parent and beside it. */
async function topics(id: string): Promise<string[]> {
  const [aside] = await platform.rows("select to_regclass($1)::text as name", [
    `tenant_${id}.conversations`,
  ]);
  const places = [
    "shared.conversations_default",
    ...(aside?.name == null ? [] : [`tenant_${id}.conversations`]),
  ];
  const rows = await platform.rows(
    places
      .map((place) => `select topic from ${place} where tenant_id = '${id}'`)
      .join(" union all "),
  );
  return rows.map(({ topic }) => String(topic)).toSorted((a, b) => Number(a) - Number(b));
}
const numbers = (rows: number): string[] =>
  Array.from({ length: rows }, (_, index) => String(index + 1));
const orphansOf = async (id: string): Promise<number> =>
  (await auditOrphans(ctx))
    .flatMap(({ keys }) => keys)
    .filter(({ key }) => key === id)
    .reduce((sum, { rows }) => sum + rows, 0);

beforeEach(() => platform.rows("truncate shared.conversations_default, shared.messages_default"));

describe("auditOrphans", () => {
  it("counts by table and key, and names tables without any", async () => {
    await addOrphans("nobody", 2);
    await addOrphans("o'x", 1);
    expect(await auditOrphans(ctx)).toEqual([
      {
        table: "conversations",
        rows: 3,
        keys: [
          { key: "nobody", rows: 2 },
          { key: "o'x", rows: 1 },
        ],
      },
      { table: "messages", rows: 0, keys: [] },
    ]);
  });

  it("says so when it cannot count, and never zero", async () => {
    await addOrphans("nobody", 1);
    await platform.rows("alter table shared.conversations_default owner to postgres");
    await expect(auditOrphans(ctx)).rejects.toMatchObject({ code: "TNT-506" });
    await platform.rows(`alter table shared.conversations_default owner to ${ctx.roles.owner}`);
  });

  it("is not misled by a table of the same name in another schema", async () => {
    await platform.rows(
      "create schema elsewhere create table conversations (tenant_id text) create table conversations_default (tenant_id text)",
    );
    await platform.rows("insert into elsewhere.conversations_default values ('late')");
    expect(await orphansOf("late")).toBe(0);
    expect(await hasPartitions(ctx, "late")).toBe(true);
    await platform.rows("drop table tenant_late.conversations");
    expect(await hasPartitions(ctx, "late")).toBe(false);
    await platform.rows("drop schema elsewhere cascade");
    expect((await createPartitions(ctx, "late")).created).toEqual(["conversations"]);
  });
});

describe("cleanUp", () => {
  it("moves what belongs to a tenant, in batches and at once, and leaves the rest", async () => {
    await orphan("late", 250);
    await orphan("other", 3);
    await addOrphans("nobody", 2);
    await addOrphans("gone", 1);
    const { cleaned, left } = await cleanUp(ctx, { batchSize: 100 });
    expect(cleaned).toEqual([
      {
        ...{ id: "late", key: "late", created: ["conversations", "messages"] },
        moved: [{ table: "conversations", rows: 250 }],
      },
      {
        ...{ id: "other", key: "other", created: ["conversations", "messages"] },
        moved: [{ table: "conversations", rows: 3 }],
      },
    ]);
    expect(left).toEqual([
      {
        ...{ table: "conversations", rows: 3 },
        keys: [
          { key: "gone", rows: 1 },
          { key: "nobody", rows: 2 },
        ],
      },
    ]);
    expect(await topics("late")).toEqual(numbers(250));
    expect(await hasPartitions(ctx, "late")).toBe(true);
    expect(await cleanUp(ctx)).toEqual({ cleaned: [], left });
  });

  it("attaches without reading what it moved: the table aside has a check", async () => {
    await orphan("late", 1);
    await cleanUp(ctx);
    expect(
      await platform.rows(
        "select pg_get_constraintdef(oid) as check from pg_constraint where conrelid = 'tenant_late.conversations'::regclass and contype = 'c'",
      ),
    ).toEqual([{ check: "CHECK ((tenant_id = 'late'::text))" }]);
  });

  it("tells who listens, once it is committed", async () => {
    await orphan("late", 30);
    const heard: [string | symbol, PartitionEvent][] = [];
    const listen = (event: unknown, name: string | symbol): void => {
      heard.push([name, event as PartitionEvent]);
    };
    const names = ["tenantry:partition.create", "tenantry:partition.populate"];
    for (const name of names) subscribe(name, listen);
    await cleanUp(ctx, { batchSize: 10 });
    for (const name of names) unsubscribe(name, listen);
    const duration = expect.any(Number);
    expect(heard).toEqual([
      [
        "tenantry:partition.populate",
        { table: "conversations", value: "late", count: 30, duration },
      ],
      ["tenantry:partition.create", { table: "conversations", value: "late", count: 30, duration }],
      ["tenantry:partition.create", { table: "messages", value: "late", count: 0, duration }],
    ]);
  });

  const slow = { timeout: 300_000 };
  it(
    "loses and doubles no row, wherever it is cut off, and finishes in another run",
    slow,
    async () => {
      const total = 8;
      const { user, password } = cluster;
      let cuts = 0;
      for (let done = false; !done; cuts += 1) {
        await platform.rows("drop table if exists tenant_late.conversations");
        await platform.rows("truncate shared.conversations_default");
        await addOrphans("late", total);
        const proxy = await cuttingProxy(cluster, cuts);
        const pool = createPool({ ...proxy, user, password, database: platform.database });
        done = await createPartitions({ ...ctx, pool }, "late", { batchSize: 5 }).then(
          () => true,
          (error: unknown) => {
            expect(String(error)).toMatch(/TNT-40[12]/);
            return false;
          },
        );
        await pool.end();
        await proxy.close();
        expect(await topics("late")).toEqual(numbers(total));
        await cleanUp(ctx, { batchSize: 5 });
        expect(await topics("late")).toEqual(numbers(total));
        expect(await orphansOf("late")).toBe(0);
        expect(await hasPartitions(ctx, "late")).toBe(true);
      }
      // Statements of a batch, its rest, and the end.
      expect(cuts).toBeGreaterThan(30);
    },
  );

  it("loses and doubles no row that is written meanwhile", async () => {
    await orphan("late", 3000);
    let writing = true;
    const written = new Map<string, number>();
    const writer = async (id: string, offset: number): Promise<void> => {
      const client = await cluster.connect({ database: platform.database });
      for (let n = 0; writing || n < 50; n += 1) {
        const topic = String(offset + n);
        await client.query("insert into shared.conversations (tenant_id, topic) values ($1, $2)", [
          id,
          topic,
        ]);
        written.set(`${id} ${topic}`, 1);
      }
      await client.end();
    };
    const updater = async (): Promise<void> => {
      const client = await cluster.connect({ database: platform.database });
      while (writing)
        await client.query(
          "update shared.conversations_default set updated_at = now() where id in (select id from shared.conversations_default limit 20)",
        );
      await client.end();
    };
    const writers = [
      writer("late", 10_000),
      writer("late", 1_000_000),
      writer("other", 10_000),
      writer("nobody", 10_000),
    ];
    const updates = updater();
    await cleanUp(ctx, { batchSize: 200 });
    writing = false;
    await Promise.all([...writers, updates]);
    const found = await platform.rows(
      "select tenant_id as id, topic, count(*)::int as times from shared.conversations group by 1, 2",
    );
    const times = new Map(
      found.map(({ id, topic, times }) => [`${String(id)} ${String(topic)}`, times]),
    );
    expect([...times.values()].every((count) => count === 1)).toBe(true);
    for (const key of written.keys()) expect(times.get(key), key).toBe(1);
    for (const n of numbers(3000)) expect(times.get(`late ${n}`), n).toBe(1);
    expect(await orphansOf("late")).toBe(0);
  });

  it("leaves a row that somebody has locked for the end, and waits for it there", async () => {
    await orphan("late", 40);
    const holder = await cluster.connect({ database: platform.database });
    await holder.query(
      "begin; update shared.conversations_default set topic = '1' where topic = '1'",
    );
    const cleaning = cleanUp(ctx, { batchSize: 10 });
    // All but the last batch and the locked row have moved: now it stands at the lock.
    while ((await orphansOf("late").catch(() => 40)) > 10)
      await new Promise((resolve) => setImmediate(resolve));
    expect(await hasPartitions(ctx, "late")).toBe(false);
    await holder.query("commit");
    await holder.end();
    expect((await cleaning).cleaned).toMatchObject([{ moved: [{ rows: 40 }] }]);
    expect(await topics("late")).toEqual(numbers(40));
  });

  it("gives up when a table is in use for too long, and lets others through meanwhile", async () => {
    await orphan("late", 1);
    const reader = await cluster.connect({ database: platform.database });
    await reader.query("begin; select from shared.conversations_default");
    const signal = AbortSignal.timeout(1500);
    await expect(cleanUp({ ...ctx, signal })).rejects.toThrow();
    await reader.query("commit");
    await reader.end();
    expect(await topics("late")).toEqual(["1"]);
    await cleanUp(ctx);
    expect(await orphansOf("late")).toBe(0);
  });

  it.each([0, -1, 1.5, Number.NaN, 2_000_000])("refuses a batch size of %d", async (batchSize) => {
    await expect(cleanUp(ctx, { batchSize })).rejects.toMatchObject({ code: "TNT-846" });
    await expect(createPartitions(ctx, "late", { batchSize })).rejects.toMatchObject({
      code: "TNT-846",
    });
  });
});

describe("createPartitions", () => {
  it("is idempotent", async () => {
    await cleanUp(ctx);
    expect(await createPartitions(ctx, "late")).toEqual({
      ...{ id: "late", key: "late", created: [], moved: [] },
    });
  });

  it("refuses who is no tenant, is retired, or is another stack's", async () => {
    await expect(createPartitions(ctx, "typo")).rejects.toMatchObject({ code: "TNT-841" });
    await expect(createPartitions(ctx, "gone")).rejects.toMatchObject({ code: "TNT-842" });
    const other = { ...ctx, stack: "tenantry/other" };
    await expect(createPartitions(other, "late")).rejects.toMatchObject({ code: "TNT-407" });
  });

  it("attaches to all tables or to none", async () => {
    await orphan("late", 5);
    await platform.rows("create view tenant_late.messages as select 1 as x");
    await expect(createPartitions(ctx, "late")).rejects.toMatchObject({ code: "TNT-506" });
    expect(await orphansOf("late")).toBe(5);
    await platform.rows("drop view tenant_late.messages");
    expect((await createPartitions(ctx, "late")).created).toEqual(["conversations", "messages"]);
  });
});
