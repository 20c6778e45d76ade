import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { cleanUp } from "../../src/fleet/partitions/clean-up.ts";
import type { PartitionsContext } from "../../src/fleet/partitions/context.ts";
import { hasPartitions } from "../../src/fleet/partitions/has-partitions.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import type { CleanUpOrder } from "../support/clean-up-child.ts";
import { startCluster } from "../support/cluster.ts";
import type { TestCluster } from "../support/cluster.ts";
import { HaltingProxy } from "../support/halting-proxy.ts";
import type { Moment } from "../support/halting-proxy.ts";
import { momentsOf } from "../support/moments.ts";
import { preparePlatform, smallSqlDirectory, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

const CHILD = join(import.meta.dirname, "..", "support", "clean-up-child.ts");

/** More than a batch, so that there is one outside the lock and one under it. */
const ORPHANS = ["1", "2", "3", "4", "5", "6", "7", "8"];
const BATCH = 5;

let cluster: TestCluster;
let platform: TestPlatform;
let proxy: HaltingProxy;
let pool: pg.Pool;
let context: PartitionsContext;

beforeAll(async () => {
  cluster = await startCluster({ settings: { synchronous_commit: "on" } });
  platform = await preparePlatform(cluster, { sqlDirectory: smallSqlDirectory() });
  proxy = await HaltingProxy.start(cluster);
  pool = cluster.pool({ database: platform.database });
  context = { ...platform.ctx, placement: "tenants" };
  await provisionTenant(platform.ctx, spec("late"));
});
afterAll(async () => {
  await proxy.close();
  await platform.close();
  await cluster.stop();
});

const rows = async (sql: string) => (await pool.query<Record<string, unknown>>(sql)).rows;

/** Orphans of a tenant that lacks its partitions, and one of nobody. */
async function orphan(): Promise<void> {
  await rows("drop table if exists tenant_late.conversations, tenant_late.messages");
  await rows("truncate shared.conversations_default");
  await pool.query(
    "insert into shared.conversations (tenant_id, topic) select 'late', unnest($1::text[]) union all select 'nobody', '9'",
    [ORPHANS],
  );
}

/** What is in DEFAULT and in the tenant's own table, attached or not; in one statement, so at one moment. */
async function topics(): Promise<string[]> {
  const [aside] = await rows("select to_regclass('tenant_late.conversations')::text as name");
  const own =
    aside?.name == null ? "" : "union all select topic from only tenant_late.conversations";
  const found = await rows(`select topic from only shared.conversations_default ${own} order by 1`);
  return found.map(({ topic }) => String(topic));
}

/** Runs a cleanup in a process of its own until it ends, or until the victim is killed. */
async function cleanUpUntil(victim: "process" | "server", moment?: Moment): Promise<void> {
  const { host, port } = proxy;
  const { user, password } = cluster;
  const { stack, roles, partitionKey, placement } = context;
  const order: CleanUpOrder = {
    connection: { host, port, user, password, database: platform.database },
    context: { stack, roles, partitionKey, placement },
    batchSize: BATCH,
  };
  const halted = proxy.watch(moment).then(() => "halted" as const);
  const child = spawn(process.execPath, [CHILD, JSON.stringify(order)], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let words = "";
  child.stderr.on("data", (data: Buffer) => (words += data.toString()));
  const ended = once(child, "close");
  const outcome = await Promise.race([halted, ended]);
  expect(outcome === "halted", words).toBe(moment !== undefined);
  if (outcome !== "halted") return;
  if (victim === "server") {
    await cluster.crash();
    proxy.release();
  } else child.kill("SIGKILL");
  await ended;
  proxy.release();
  const sessions = `select from pg_stat_activity where application_name = 'tenantry' and datname = '${platform.database}'`;
  while ((await rows(sessions)).length > 0);
}

const moments: Moment[] = [];

it("moves all in a process of its own that nothing interrupts", async () => {
  await orphan();
  await cleanUpUntil("process");
  expect(await topics()).toEqual([...ORPHANS, "9"]);
  expect(await hasPartitions({ ...context, pool }, "late")).toBe(true);
  moments.push(...momentsOf(proxy.statements).all);
  expect(moments.length).toBeGreaterThan(50);
});

it.each(["process", "server"] as const)(
  "loses and doubles no row when the %s is killed at any statement, and finishes in another run",
  { timeout: 900_000 },
  async (victim) => {
    for (const moment of moments) {
      await orphan();
      await cleanUpUntil(victim, moment);
      const at = `${victim} killed ${moment.side} ${moment.statement}`;
      expect(await topics(), at).toEqual([...ORPHANS, "9"]);
      await cleanUp({ ...context, pool }, { batchSize: BATCH });
      expect(await topics(), at).toEqual([...ORPHANS, "9"]);
      expect(await rows("select topic from shared.conversations_default"), at).toEqual([
        { topic: "9" },
      ]);
      expect(await hasPartitions({ ...context, pool }, "late"), at).toBe(true);
    }
  },
);
