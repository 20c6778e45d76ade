import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPartitions } from "../../../src/admin/main.ts";
import type { Partitions } from "../../../src/admin/main.ts";
import { applyMigrations } from "../../../src/fleet/apply-migrations.ts";
import { examineFleet } from "../../../src/fleet/examine-fleet.ts";
import { newPartitionedTable } from "../../../src/fleet/partitions/new-partitioned-table.ts";
import { sharedCluster } from "../../support/cluster.ts";
import { preparePlatform, smallSqlDirectory } from "../../support/platform.ts";
import type { TestPlatform } from "../../support/platform.ts";

const sqlDirectory = smallSqlDirectory();
let platform: TestPlatform;
let partitions: Partitions;
let user: pg.Client;

beforeAll(async () => {
  platform = await preparePlatform(await sharedCluster(), { sqlDirectory, partitions: "values" });
  const { pool, roles, partitionKey, stack } = platform.ctx;
  partitions = openPartitions({
    ...{ pool, partitionKey, stack, owner: roles.owner, placement: "values" },
  });
  for (const key of ["isp_1", "isp_2"]) {
    await partitions.create(key);
    await platform.rows("insert into shared.conversations (tenant_id, topic) values ($1, $1)", [
      key,
    ]);
  }
  user = await platform.as(roles.user);
});
afterAll(() => platform.close());

const up = (placement: "tenants" | "values" = "values") =>
  applyMigrations(platform.ctx, "shared", { partitions: placement });

/** What the application's role gets within a value, and takes back. */
async function within(key: string, sql: string, values: unknown[] = []) {
  await user.query("begin");
  await user.query("select set_config('app.current_tenant', $1, true)", [key]);
  try {
    return (await user.query<Record<string, unknown>>(sql, values)).rows;
  } finally {
    await user.query("rollback");
  }
}

const refused = { code: "42501" };

describe("the shared tables of a stack without tenants", () => {
  it("show the application the rows of the transaction's value, and nothing without one", async () => {
    expect(await within("isp_1", "select topic from shared.conversations")).toEqual([
      { topic: "isp_1" },
    ]);
    expect(await within("isp_3", "select topic from shared.conversations")).toEqual([]);
    // The setting of the transaction before is '' now, not null.
    expect((await user.query("select from shared.conversations")).rowCount).toBe(0);
  });

  it("take rows of that value, without its being said", async () => {
    const sql = "insert into shared.conversations (topic) values ('x') returning tenant_id";
    expect(await within("isp_1", sql)).toEqual([{ tenant_id: "isp_1" }]);
    await expect(user.query(sql)).rejects.toMatchObject(refused);
    await expect(within("", sql)).rejects.toMatchObject(refused);
  });

  it.each([
    "insert into shared.conversations (tenant_id, topic) values ('isp_2', 'x')",
    `insert into shared.conversations (id, tenant_id, topic)
       select id, 'isp_2', 'x' from shared.conversations
       on conflict (id, tenant_id) do update set topic = 'x'`,
    "update shared.conversations set tenant_id = 'isp_2'",
    "merge into shared.conversations c using (select 1) o on false when not matched then insert (tenant_id, topic) values ('isp_2', 'x')",
    "truncate shared.conversations",
    `select from partitions."conversations/isp_2"`,
    "select from shared.conversations_default",
    "alter table shared.conversations disable row level security",
    "create policy more on shared.conversations using (true)",
  ])("refuse %s", async (sql) => {
    await expect(within("isp_1", sql)).rejects.toMatchObject(refused);
  });

  it.each([
    ["delete from shared.conversations", 1],
    ["update shared.conversations set topic = 'x'", 1],
    ["delete from shared.conversations where tenant_id = 'isp_2'", 0],
    ["update shared.conversations set topic = 'x' where tenant_id = 'isp_2'", 0],
    ["select from shared.conversations for update", 1],
  ])("let %s reach %i rows", async (sql, count) => {
    await user.query("begin");
    await user.query("select set_config('app.current_tenant', 'isp_1', true)");
    const { rowCount } = await user.query(sql);
    await user.query("rollback");
    expect(rowCount).toBe(count);
  });

  it("refuse COPY into them, and give it the value's rows only", async () => {
    await expect(
      within("isp_1", "copy shared.conversations (tenant_id, topic) from stdin"),
    ).rejects.toMatchObject({ code: "0A000" });
    await expect(within("isp_1", "set local row_security = off")).resolves.toEqual([]);
    await user.query("begin; set local row_security = off");
    await expect(user.query("select from shared.conversations")).rejects.toMatchObject(refused);
    await user.query("rollback");
  });

  it("are read one partition at a time, by plans of any kind", async () => {
    const leaves = async (sql: string): Promise<string[]> => {
      const plan = JSON.stringify(await within("isp_1", sql));
      return [...new Set(plan.match(/conversations\/isp_\d(?=\\")|conversations_default/g))];
    };
    const read = "select * from shared.conversations";
    expect(await leaves(`explain (costs off) ${read}`)).toEqual(["conversations/isp_1"]);
    await user.query(`set plan_cache_mode = force_generic_plan; prepare reading as ${read}`);
    await user.query(`prepare changing (text) as
      update shared.conversations set topic = 'x' where tenant_id = $1`);
    expect(await leaves("explain (costs off) execute reading")).toEqual(["conversations/isp_1"]);
    await user.query("reset plan_cache_mode");
    expect(await leaves("explain (costs off) execute changing('isp_1')")).toEqual([
      "conversations/isp_1",
    ]);
    await user.query("deallocate all");
  });

  it("let the owner and the backup role see all", async () => {
    const all = [{ n: 2 }];
    await platform.rows(`set role ${platform.roles.owner}`);
    expect(await platform.rows("select count(*)::int as n from shared.conversations")).toEqual(all);
    await platform.rows("reset role");
    const backup = await platform.as(platform.roles.backup);
    const { rows } = await backup.query("select count(*)::int as n from shared.conversations");
    expect(rows).toEqual(all);
  });

  it("get all that with the next up, whoever wrote the table, and are no finding then", async () => {
    const settings = { partitionKey: "tenant_id", partitions: "values" } as const;
    newPartitionedTable(sqlDirectory, "calls", ["topic:text"], settings);
    await up();
    await partitions.create("isp_1");
    await platform.rows("insert into shared.calls (tenant_id, topic) values ('isp_1', 'a')");
    expect(await within("isp_1", "select topic from shared.calls")).toEqual([{ topic: "a" }]);
    expect(await within("isp_2", "select topic from shared.calls")).toEqual([]);
    const { findings } = await examineFleet(platform.ctx, { partitions: "values" });
    expect(findings).toEqual([]);
  });

  it("are repaired by the next up, and otherwise left alone", async () => {
    const oids = () => platform.rows("select oid from pg_policy order by oid");
    const before = await oids();
    await up();
    expect(await oids()).toEqual(before);
    for (const damage of [
      "no force row level security",
      "disable row level security",
      "alter tenant_id drop default",
    ]) {
      await platform.rows(`alter table shared.messages ${damage}`);
      expect(
        (await examineFleet(platform.ctx, { partitions: "values" })).findings,
        damage,
      ).not.toEqual([]);
      await up();
      expect((await examineFleet(platform.ctx, { partitions: "values" })).findings).toEqual([]);
    }
  });
});

describe("a shared table whose rows could be reached past its policies", () => {
  it.each([
    ["create policy more on shared.notes using (true)", /policy more shows more rows/],
    [
      `create policy more on shared.notes for select to :"user" using (true)`,
      /policy more shows more rows/,
    ],
    [`grant truncate on shared.notes to :"user"`, /has truncate on shared\.notes, past/],
    [
      "grant references on shared.notes to public",
      /everybody has references on shared\.notes, past/,
    ],
    [
      `grant select on shared.notes_default to :"user"`,
      /has select on shared\.notes_default, past its policies/,
    ],
    [
      `create view shared.peek as select * from shared.notes; grant select on shared.peek to :"user"`,
      /has select on shared\.peek, which reads with its owner's rights, past/,
    ],
    [
      `create view shared.inner_peek with (security_invoker = true) as select * from shared.notes; create view shared.peek as select * from shared.inner_peek; grant select on shared.peek to :"user"`,
      /has select on shared\.peek, which reads/,
    ],
    [
      `create materialized view shared.peek as select * from shared.notes; grant select on shared.peek to :"user"`,
      /has select on shared\.peek, which reads/,
    ],
  ])("%s is refused, and nothing of it stays", async (sql, message) => {
    const file = join(sqlDirectory, "shared/004_notes.sql");
    writeFileSync(
      file,
      `create table shared.notes (id uuid not null default gen_random_uuid(), :"partition_key" text not null, primary key (id, :"partition_key")) partition by list (:"partition_key");
create table shared.notes_default partition of shared.notes default;
${sql};\n`,
    );
    const attempt = up();
    await expect(attempt).rejects.toThrow(message);
    await expect(attempt).rejects.toMatchObject({ code: "TNT-854" });
    rmSync(file);
    expect(await platform.rows("select to_regclass('shared.notes') as name")).toEqual([
      { name: null },
    ]);
  });

  it("may have policies that take away, and views that read with the reader's rights", async () => {
    writeFileSync(
      join(sqlDirectory, "shared/004_limits.sql"),
      `create policy no_secrets on shared.conversations as restrictive for select using (topic <> 'secret');
create view shared.topics with (security_invoker = true) as select tenant_id, topic from shared.conversations;
grant select, insert on shared.topics to :"user";\n`,
    );
    await up();
    expect(await within("isp_1", "select topic from shared.topics")).toEqual([{ topic: "isp_1" }]);
    const foreign = "insert into shared.topics (tenant_id, topic) values ('isp_2', 'x')";
    await expect(within("isp_1", foreign)).rejects.toMatchObject(refused);
  });
});

describe("a stack that gets tenants", () => {
  it("takes the shared tables from the application again, with the same rows, and gives them back", async () => {
    await up("tenants");
    await expect(within("isp_1", "select from shared.conversations")).rejects.toMatchObject(
      refused,
    );
    expect(await platform.rows("select count(*)::int as n from shared.conversations")).toEqual([
      { n: 2 },
    ]);
    expect(
      await platform.rows(
        "select relname from pg_class where relrowsecurity and relname <> 'conversations'",
      ),
    ).toEqual([]);
    await up();
    expect(await within("isp_2", "select topic from shared.conversations")).toEqual([
      { topic: "isp_2" },
    ]);
  });
});
