import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { endIdleSessions, idleSessions } from "../../src/fleet/connections/end-idle.ts";
import { readConnections } from "../../src/fleet/connections/read-connections.ts";
import { startCluster } from "../support/cluster.ts";
import type { TestCluster } from "../support/cluster.ts";
import { preparePlatform } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

const LIMIT = 20;

let cluster: TestCluster;
let platform: TestPlatform;
beforeAll(async () => {
  cluster = await startCluster({ settings: { max_connections: String(LIMIT) } });
  platform = await preparePlatform(cluster);
});
afterAll(async () => {
  await platform.close();
  await cluster.stop();
});

const pidOf = async (client: pg.Client): Promise<number> =>
  ((await client.query("select pg_backend_pid() as pid")).rows as { pid: number }[])[0]!.pid;

/** Whether sessions are there still. */
const alive = async (...pids: number[]): Promise<boolean[]> => {
  const rows = await platform.rows("select pid from pg_stat_activity where pid = any($1)", [pids]);
  return pids.map((pid) => rows.some((row) => row.pid === pid));
};

test("only idle sessions of applications may be ended", async () => {
  const { roles, ctx } = platform;
  const idle = await platform.as(roles.user);
  const open = await platform.as(roles.user);
  await open.query("begin");
  const locking = await platform.as(roles.user);
  await locking.query("select pg_advisory_lock(1)");
  const busy = await platform.as(roles.user);
  const sleeping = busy.query("select pg_sleep(60)").catch((error: unknown) => error);
  const fresh = await platform.as(roles.app);
  await platform.admin.query(`alter role ${roles.readonly} replication`);
  const copying = await platform.as(roles.readonly);
  const elsewhere = await cluster.connect({ database: "postgres" });
  const pids = await Promise.all([idle, open, locking, fresh, copying].map(pidOf));
  await expect
    .poll(async () => (await idleSessions(ctx, 0)).map(({ pid }) => pid).toSorted(), {
      timeout: 10_000,
    })
    .toEqual([pids[0]!, pids[3]!].toSorted());
  expect(await idleSessions(ctx, 3600)).toEqual([]);

  // Between the question and the answer one of them gets to work.
  const sessions = await idleSessions(ctx, 0);
  await fresh.query("begin");
  expect(await endIdleSessions({ ...ctx, runId: "on-duty" }, 0, sessions)).toEqual([pids[0]]);
  await expect
    .poll(() => alive(...pids), { timeout: 10_000 })
    .toEqual([false, true, true, true, true]);
  expect(
    await platform.rows(
      "select action, after, run_id from central.audit_log where action like 'sessions%'",
    ),
  ).toEqual([
    {
      action: "sessions.ended",
      after: { idleSeconds: 0, ended: 1, roles: { [roles.user]: 1 } },
      run_id: "on-duty",
    },
  ]);
  // Nobody is ended, nothing is written.
  expect(await endIdleSessions(ctx, 0, sessions)).toEqual([]);
  expect(
    await platform.rows(
      "select count(*)::int from central.audit_log where action like 'sessions%'",
    ),
  ).toEqual([{ count: 1 }]);
  await platform.admin.query("select pg_cancel_backend($1)", [
    (
      await platform.rows(
        "select pid from pg_stat_activity where query like '%pg_sleep(60)' and pid <> pg_backend_pid()",
      )
    )[0]?.pid,
  ]);
  expect(await sleeping).toMatchObject({ code: "57014" });
  await elsewhere.end();
});

test("a pid that is another session's by now is not ended", async () => {
  const client = await platform.as(platform.roles.user);
  const pid = await pidOf(client);
  const session = { pid, start: "2020-01-01 00:00:00+00", role: "x", application: "", seconds: 9 };
  expect(await endIdleSessions(platform.ctx, 0, [session])).toEqual([]);
  expect(await alive(pid)).toEqual([true]);
});

test("an administrator who may not end sessions is told what to grant, and nothing happens", async () => {
  const { admin, roles, ctx, database } = platform;
  await admin.query(
    `create role clerk login password 'clerk-password' in role "${roles.owner}"; grant pg_monitor to clerk`,
  );
  const { host, port } = cluster;
  const pool = cluster.pool({
    host,
    port,
    database,
    user: "clerk",
    password: "clerk-password",
    max: 2,
  });
  const client = await platform.as(roles.user);
  const pid = await pidOf(client);
  const sessions = (await idleSessions(ctx, 0)).filter((session) => session.pid === pid);
  expect(sessions).toHaveLength(1);
  await expect(endIdleSessions({ ...ctx, pool }, 0, sessions)).rejects.toMatchObject({
    code: "TNT-890",
    message: expect.stringContaining("grant pg_signal_backend to clerk") as string,
  });
  expect(await alive(pid)).toEqual([true]);
});

test("when no connection is left, the administrator still counts them", async () => {
  const { roles, ctx } = platform;
  const taken: pg.Client[] = [];
  const full: unknown = await (async () => {
    for (;;) taken.push(await platform.as(roles.user));
  })().catch((error: unknown) => error);
  expect(full).toMatchObject({ code: "53300" });
  const { counts, limit, forSuperusers } = await readConnections(ctx);
  expect({ limit, forSuperusers }).toEqual({ limit: LIMIT, forSuperusers: 3 });
  expect(counts.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(LIMIT - 3);
  const ours = counts.find(({ role, state }) => role === roles.user && state === "idle");
  expect(ours?.count).toBeGreaterThanOrEqual(taken.length);
  const sessions = await idleSessions(ctx, 0);
  expect((await endIdleSessions(ctx, 0, sessions)).length).toBeGreaterThanOrEqual(taken.length);
  await expect.poll(() => idleSessions(ctx, 0), { timeout: 10_000 }).toEqual([]);
});
