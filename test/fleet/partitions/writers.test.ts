import type pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { FleetContext } from "../../../src/fleet/context.ts";
import { cleanUp } from "../../../src/fleet/partitions/clean-up.ts";
import { provisionTenant } from "../../../src/fleet/provision-tenant.ts";
import { createPool } from "../../../src/postgres/pool.ts";
import { sharedCluster } from "../../support/cluster.ts";
import type { TestCluster } from "../../support/cluster.ts";
import { HaltingProxy } from "../../support/halting-proxy.ts";
import { preparePlatform, smallSqlDirectory, spec } from "../../support/platform.ts";
import type { TestPlatform } from "../../support/platform.ts";

let cluster: TestCluster;
let platform: TestPlatform;
let proxy: HaltingProxy;
/** Goes through the proxy. */
let pool: pg.Pool;
let ctx: FleetContext;

beforeAll(async () => {
  cluster = await sharedCluster();
  platform = await preparePlatform(cluster, { sqlDirectory: smallSqlDirectory() });
});
afterAll(() => platform.close());
beforeEach(async () => {
  proxy = await HaltingProxy.start(cluster);
  const { host, port } = proxy;
  const { user, password } = cluster;
  pool = createPool({ host, port, user, password, database: platform.database });
  ctx = { ...platform.ctx, pool };
});
afterEach(async () => {
  proxy.release();
  await pool.end();
  await proxy.close();
});

const insert = "insert into shared.conversations (tenant_id, topic) values ($1, $2)";
const update = "update shared.conversations set topic = topic || '!' where tenant_id = $1";

const topics = async (id: string): Promise<unknown[]> =>
  (await platform.rows(`select topic from only tenant_${id}.conversations order by 1`)).map(
    ({ topic }) => topic,
  );
const inDefault = () =>
  platform.rows("select tenant_id, count(*)::int from shared.conversations_default group by 1");

interface Session {
  readonly client: pg.Client;
  /** Whether it waits for a lock; `undefined` when it has ended. */
  readonly waits: () => Promise<boolean | undefined>;
}
async function session(): Promise<Session> {
  const client = await cluster.connect({ database: platform.database });
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  const waits = async () => {
    const [found] = await platform.rows(
      "select cardinality(pg_blocking_pids(pid)) > 0 as waits from pg_stat_activity where pid = $1",
      [rows[0]?.pid],
    );
    return found?.waits as boolean | undefined;
  };
  return { client, waits };
}

/** Runs a statement in a session of its own, and resolves once it waits for a lock. */
async function startWaiting(
  text: string,
  values: unknown[] = [],
): Promise<{ readonly outcome: Promise<pg.QueryResult> }> {
  const { client, waits } = await session();
  const outcome = client.query(text, values).finally(() => client.end());
  outcome.catch(() => undefined);
  for (;;) if ((await waits()) !== false) return { outcome };
}

/** Resolves when somebody waits for what a session holds. */
async function untilBlocking(pid: number): Promise<void> {
  for (;;) {
    const { length } = await platform.rows(
      "select from pg_stat_activity where $1 = any (pg_blocking_pids(pid))",
      [pid],
    );
    if (length > 0) return;
  }
}

/** Halts when the partition of conversations is attached, and not yet committed. */
const attached = (id: string): Promise<unknown> =>
  proxy.watch({
    statement: `alter table shared."conversations" attach partition "tenant_${id}"."conversations" for values in ('${id}')`,
    ...{ earlier: 0, side: "after" },
  });

/** Makes a tenant without its partitions, as one that was there before its shared tables. */
async function withoutPartitions(id: string): Promise<void> {
  await provisionTenant(platform.ctx, spec(id));
  await platform.rows(`drop table tenant_${id}.conversations, tenant_${id}.messages`);
}

describe.each([
  {
    ...{ who: "a tenant that is made", id: "made", prepare: () => Promise.resolve() },
    attach: () => provisionTenant(ctx, spec("made")),
  },
  {
    ...{ who: "a tenant that is cleaned up", id: "late", prepare: () => withoutPartitions("late") },
    attach: () => cleanUp({ ...ctx, placement: "tenants" }),
  },
])("while the partition of $who is attached", ({ id, prepare, attach }) => {
  it("who writes its rows through the shared table waits, and then writes there", async () => {
    await prepare();
    await platform.rows(insert, [id, "a"]);
    const halted = attached(id);
    const attaching = attach();
    await halted;
    const [inserting, updating] = [
      await startWaiting(insert, [id, "b"]),
      await startWaiting(update, [id]),
    ];
    const reading = await startWaiting(
      "begin isolation level repeatable read; select topic from shared.conversations; commit",
    );
    const other = await startWaiting("select topic from shared.conversations");
    proxy.release();
    await attaching;
    expect((await inserting.outcome).rowCount).toBe(1);
    expect([1, 2]).toContain((await updating.outcome).rowCount);
    expect(await topics(id)).toContain("a!");
    expect(await topics(id)).toHaveLength(2);
    expect(await inDefault()).toEqual([]);
    // A snapshot from before the wait has the row where it was.
    const [, read] = (await reading.outcome) as unknown as pg.QueryResult[];
    expect(read?.rows).toContainEqual({ topic: "a" });
    // docs/partitions.md says so: a statement looks at the partitions that were there when it began.
    expect((await other.outcome).rows).not.toContainEqual({ topic: "a" });
  });
});

describe("a tenant that is made while its orphans are in use", () => {
  it("comes to no deadlock with who holds one and wants another", async () => {
    await platform.rows(insert, ["held", "1"]);
    await platform.rows(insert, ["held", "2"]);
    const change = "update shared.conversations set topic = topic || '!' where topic = $1";
    const { client } = await session();
    await client.query("begin");
    await client.query(change, ["2"]);
    const making = provisionTenant(ctx, spec("held"));
    await untilBlocking((client as unknown as { processID: number }).processID);
    expect((await client.query(change, ["1"])).rowCount).toBe(1);
    await client.query("commit");
    await client.end();
    await making;
    expect(await topics("held")).toEqual(["1!", "2!"]);
  });

  it.each([
    { orphans: 200, id: "few" },
    { orphans: 10_500, id: "many" },
  ])("loses no change of $orphans orphans, and refuses none", async ({ orphans, id }) => {
    await platform.rows(
      "insert into shared.conversations (tenant_id, topic) select $1, '0' from generate_series(1, $2::int)",
      [id, orphans],
    );
    let isMade = false;
    let changes = 0;
    const writer = async (): Promise<void> => {
      const { client } = await session();
      for (let round = 0; !isMade || round < 20; round += 1) {
        await client.query("begin");
        for (let change = 0; change < 3; change += 1) {
          const { rowCount } = await client.query(
            // Rows of the DEFAULT partition, too, while they are there.
            `update shared.conversations set topic = (topic::int + 1)::text
              where tenant_id = $1 and id = (
                select id from shared.conversations where tenant_id = $1 offset floor(random() * $2) limit 1)`,
            [id, 100],
          );
          changes += rowCount ?? 0;
        }
        await client.query("commit");
      }
      await client.end();
    };
    const making = provisionTenant(ctx, spec(id)).finally(() => (isMade = true));
    await Promise.all([making, writer()]);
    expect(
      await platform.rows(
        `select count(*)::int as rows, sum(topic::int)::int as changes from tenant_${id}.conversations`,
      ),
    ).toEqual([{ rows: orphans, changes }]);
    expect(changes).toBeGreaterThan(0);
    expect(await inDefault()).toEqual([]);
  });

  it("opens when all rows are there, however many", async () => {
    await platform.rows(
      "insert into shared.conversations (tenant_id, topic) select 'crowd', n::text from generate_series(1, 10001) n",
    );
    const halted = attached("crowd");
    const making = provisionTenant(ctx, spec("crowd"));
    await halted;
    const state = "select state from tenantry.registry where id = 'crowd'";
    expect(await platform.rows(state)).toEqual([{ state: "suspended" }]);
    proxy.release();
    await making;
    expect(await platform.rows(state)).toEqual([{ state: "active" }]);
    expect(await topics("crowd")).toHaveLength(10_001);
  });
});
