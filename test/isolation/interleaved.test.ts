import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { startCluster } from "../support/cluster.ts";
import type { TestCluster } from "../support/cluster.ts";
import { preparePlatform, smallSqlDirectory, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";
import { safeSide, unsafeSide } from "./scene.ts";
import type { Query, Side } from "./scene.ts";

const REQUESTS = 1000;
const AT_ONCE = 8;
const TENANTS = 5;

let cluster: TestCluster;
let platform: TestPlatform;
beforeAll(async () => {
  cluster = await startCluster();
  platform = await preparePlatform(cluster, { sqlDirectory: smallSqlDirectory() });
  for (const isolation of ["shared", "strict"] as const)
    for (let number = 0; number < TENANTS; number += 1) {
      const id = `${isolation}_${number}`;
      await provisionTenant(platform.ctx, spec(id, { isolation }));
      await platform.admin.query(
        `create table tenant_${id}.canaries as select 'canary of ${id}' as text, generate_series(1, 3)`,
      );
      await platform.admin.query(
        `grant select on tenant_${id}.canaries to ${isolation === "strict" ? `tenant_${id}` : platform.roles.user}`,
      );
    }
});
afterAll(async () => {
  await platform.close();
  await cluster.stop();
});

/** What a request may do beside reading; each leaves the connection in another state. */
const MISHAPS: readonly ((query: Query) => Promise<unknown>)[] = [
  () => Promise.resolve(),
  (query) => query("select 1 / 0"),
  async (query) => {
    await query("set local statement_timeout = 1");
    await query("select pg_sleep(1)");
  },
  (query) => query("select pg_sleep(0.01)"),
  () => Promise.reject(new Error("the application's own")),
  async (query) => {
    const [own] = await query("select pg_backend_pid() as pid");
    await platform.admin.query("select pg_terminate_backend($1)", [own?.pid]);
    await query("select 1");
  },
  async (query) => {
    const [own] = await query("select pg_backend_pid() as pid");
    const sleeping = query("select pg_sleep(10)");
    sleeping.catch(() => undefined);
    await pause(5);
    await platform.admin.query("select pg_cancel_backend($1)", [own?.pid]);
    await sleeping;
  },
];

/** Serves requests of all tenants, eight at a time. @returns what each read, and how many failed */
async function serve(side: Side, isolation: string) {
  const read: { readonly id: string; readonly texts: unknown[] }[] = [];
  let failed = 0;
  const queue = Array.from({ length: REQUESTS }, (_, index) => index).values();
  const worker = async (): Promise<void> => {
    for (const index of queue) {
      const id = `${isolation}_${index % TENANTS}`;
      const mishap = MISHAPS[(index * 13) % MISHAPS.length]!;
      await side
        .request(id, async (query) => {
          await query("select 1");
          const rows = await query("select text from canaries");
          read.push({ id, texts: rows.map(({ text }) => text) });
          await mishap(query);
        })
        .catch(() => (failed += 1));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { read, failed };
}

const own = (id: string): string[] => Array.from({ length: 3 }, () => `canary of ${id}`);

describe.each(["shared", "strict"] as const)("%s", (isolation) => {
  test("a thousand requests among errors, timeouts and killed sessions read their own rows", async () => {
    const side = safeSide(platform.login(platform.roles.user), isolation, AT_ONCE);
    const { read, failed } = await serve(side, isolation);
    await side.end();
    // Each mishap came, and each request had read before.
    expect(read).toHaveLength(REQUESTS);
    expect(failed).toBeGreaterThan(REQUESTS / 2);
    expect(failed).toBeLessThan(REQUESTS);
    for (const { id, texts } of read) expect(texts).toEqual(own(id));
  });
});

test("the same requests on one connection without scopes read what is another tenant's", async () => {
  const { host, port, user, password } = cluster;
  const side = await unsafeSide({ host, port, user, password, database: platform.database });
  const quick: Side = {
    ...side,
    request: (id, work) =>
      side.request(id, (query) =>
        work((sql) => (/canaries|select 1$/.test(sql) ? query(sql) : Promise.resolve([]))),
      ),
  };
  const { read } = await serve(quick, "shared");
  await side.end();
  expect(read.some(({ id, texts }) => texts.some((text) => text !== `canary of ${id}`))).toBe(true);
});
