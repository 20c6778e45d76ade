import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPartitions } from "../../../src/admin/main.ts";
import type { PartitionEvent, Partitions } from "../../../src/admin/main.ts";
import { applyMigrations } from "../../../src/fleet/apply-migrations.ts";
import { examineFleet } from "../../../src/fleet/examine-fleet.ts";
import { provisionTenant } from "../../../src/fleet/provision-tenant.ts";
import { sharedCluster } from "../../support/cluster.ts";
import { preparePlatform, smallSqlDirectory, spec } from "../../support/platform.ts";
import type { TestPlatform } from "../../support/platform.ts";

let platform: TestPlatform;
let partitions: Partitions;

beforeAll(async () => {
  platform = await preparePlatform(await sharedCluster(), { sqlDirectory: smallSqlDirectory() });
  const { pool, roles, partitionKey, stack } = platform.ctx;
  partitions = openPartitions({
    ...{ pool, partitionKey, stack, owner: roles.owner, placement: "values" },
  });
});
afterAll(() => platform.close());

const UUID = "6f1c2a9e-0b7d-4c55-9a3e-1d2f3a4b5c6d";
const names = async (): Promise<unknown[]> =>
  (
    await platform.rows(
      "select relname::text as name from pg_class where relnamespace = to_regnamespace('partitions') and relkind = 'r' order by 1",
    )
  ).map(({ name }) => name);

describe("partitions without tenants", () => {
  it("are made in schema partitions with their orphans, under names that hold the key whole", async () => {
    await platform.rows(
      "insert into shared.conversations (tenant_id, topic) select $1, n::text from generate_series(1, 25) n",
      [UUID],
    );
    expect(await partitions.exists(UUID)).toBe(false);
    expect(await partitions.create(UUID, { batchSize: 10 })).toEqual({
      ...{ id: UUID, key: UUID, created: ["conversations", "messages"] },
      moved: [{ table: "conversations", rows: 25 }],
    });
    expect(await names()).toEqual([`conversations/${UUID}`, `messages/${UUID}`]);
    expect(await partitions.exists(UUID)).toBe(true);
    expect(await partitions.audit()).toEqual([
      { table: "conversations", rows: 0, keys: [] },
      { table: "messages", rows: 0, keys: [] },
    ]);
    expect((await partitions.create(UUID)).created).toEqual([]);
  });

  it("do not meet: keys of any length that begin alike, or differ in case only", async () => {
    const long = "x".repeat(40);
    const keys = [`${long}1`, `${long}2`, "Isp", "isp", "10", "1_0"];
    for (const key of keys) await partitions.create(key);
    for (const key of keys)
      await platform.rows(
        "insert into shared.messages (tenant_id, conversation_id, author, body) values ($1, gen_random_uuid(), 'a', 'b')",
        [key],
      );
    for (const key of keys)
      expect(await platform.rows(`select tenant_id from partitions."messages/${key}"`)).toEqual([
        { tenant_id: key },
      ]);
    for (const key of keys) await partitions.destroy(key, { rows: 1 });
  });

  it("are refused for a key that would not fit, or is none", async () => {
    const before = await names();
    const long = "y".repeat(50);
    await expect(partitions.create(long)).rejects.toThrow(
      new RegExp(`"${long}" has 50 characters, .* shared\\.conversations has room for 49.*TNT-844`),
    );
    for (const key of ["", "a b", "a/b", "a'b", 'a"b', "ñ", "-a", "a\0"])
      await expect(partitions.create(key), JSON.stringify(key)).rejects.toMatchObject({
        code: "TNT-843",
      });
    expect(await names()).toEqual(before);
  });

  it("are pruned to one partition through the parent", async () => {
    const plan = await platform.rows(
      `explain (costs off) select * from shared.conversations where tenant_id = '${UUID}'`,
    );
    expect(JSON.stringify(plan)).toContain(`conversations/${UUID}`);
    expect(JSON.stringify(plan)).not.toContain("conversations_default");
  });

  it("are listed, with what a killed run left behind, and cleaned up", async () => {
    await platform.rows(
      `alter table shared.conversations detach partition partitions."conversations/${UUID}"`,
    );
    await platform.rows(
      "insert into shared.conversations (tenant_id, topic) values ($1, 'meanwhile'), ('nobody', 'x')",
      [UUID],
    );
    expect(await partitions.list()).toMatchObject([
      { id: UUID, tenant: null, attached: ["messages"], detached: ["conversations"], missing: [] },
    ]);
    const { cleaned, left } = await partitions.cleanup();
    expect(cleaned).toMatchObject([{ id: UUID, moved: [{ table: "conversations", rows: 1 }] }]);
    expect(left).toEqual([{ table: "conversations", rows: 1, keys: [{ key: "nobody", rows: 1 }] }]);
  });

  it("are no finding of the doctor", async () => {
    await platform.rows("truncate shared.conversations_default");
    const { findings } = await examineFleet(platform.ctx);
    expect(findings.filter(({ code }) => code.startsWith("DOC-4"))).toEqual([]);
  });

  it("are dropped only with as many rows as are said, all or none", async () => {
    await expect(partitions.destroy(UUID)).rejects.toThrow(
      `hold 26 rows (conversations 26, messages 0), and 0 were to be dropped. Nothing was dropped.`,
    );
    await expect(partitions.destroy(UUID, { rows: 25 })).rejects.toMatchObject({ code: "TNT-848" });
    await platform.rows(`create view public.watching as select from partitions."messages/${UUID}"`);
    await expect(partitions.destroy(UUID, { rows: 26 })).rejects.toMatchObject({ code: "TNT-506" });
    await platform.rows("drop view public.watching");
    expect(await partitions.exists(UUID)).toBe(true);
    const heard: PartitionEvent[] = [];
    const listen = (event: unknown): void => void heard.push(event as PartitionEvent);
    subscribe("tenantry:partition.destroy", listen);
    const dropped = [
      { table: "conversations", rows: 26 },
      { table: "messages", rows: 0 },
    ];
    expect(await partitions.destroy(UUID, { rows: 26 })).toEqual({ id: UUID, dropped });
    unsubscribe("tenantry:partition.destroy", listen);
    expect(heard).toMatchObject(
      dropped.map(({ table, rows }) => ({ table, value: UUID, count: rows })),
    );
    expect(await names()).toEqual([]);
    expect(await partitions.destroy(UUID)).toEqual({ id: UUID, dropped: [] });
    expect(
      await platform.rows(
        "select action, before from central.audit_log where action = 'partition.destroyed' and tenant_id = $1",
        [UUID],
      ),
    ).toEqual([{ action: "partition.destroyed", before: dropped }]);
  });

  it("of a tenant are not dropped without it", async () => {
    await provisionTenant(platform.ctx, spec("tenant1"));
    await expect(partitions.destroy("tenant1")).rejects.toThrow(
      /Give it the state retired.*TNT-845/,
    );
    expect(await platform.rows("select count(*)::int as n from tenant_tenant1.messages")).toEqual([
      { n: 0 },
    ]);
  });

  it("do not go into a schema that somebody else made", async () => {
    await platform.rows("drop schema partitions; create schema partitions");
    await expect(partitions.create("isp_1")).rejects.toMatchObject({ code: "TNT-847" });
    await platform.rows("drop schema partitions");
    await applyMigrations(platform.ctx, "shared");
    expect((await partitions.create("isp_1")).created).toHaveLength(2);
  });
});

describe("openPartitions", () => {
  it.each([
    [{ partitionKey: "" }, /"partitionKey" of openPartitions is missing/],
    [{ partitionKey: "id" }, /"partitionKey" of openPartitions is a column that tables have/],
    [{ owner: "" }, /"owner" of openPartitions is missing/],
    [{ stack: undefined as unknown as string }, /"stack" of openPartitions is missing/],
    [{ placement: "elsewhere" as "values" }, /"placement" of openPartitions is tenants or values/],
  ])("refuses %j", (wrong, message) => {
    const { pool, roles, partitionKey, stack } = platform.ctx;
    const right = { pool, owner: roles.owner, partitionKey, stack };
    expect(() => openPartitions({ ...right, ...wrong })).toThrow(message);
  });
});
