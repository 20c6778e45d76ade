import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { releaseLock, takeLock } from "../../src/postgres/advisory-lock.ts";
import { createPool } from "../../src/postgres/pool.ts";
import { retryContention } from "../../src/postgres/retry-contention.ts";
import { withClient } from "../../src/postgres/with-client.ts";
import { withTransaction } from "../../src/postgres/with-transaction.ts";
import { freePort } from "../support/free-port.ts";
import { sharedCluster } from "../support/cluster.ts";
import type { TestCluster } from "../support/cluster.ts";

let cluster: TestCluster;
let pool: pg.Pool;
let database: string;
beforeAll(async () => {
  cluster = await sharedCluster();
  database = await cluster.createDatabase("session");
  const { host, port, user, password } = cluster;
  pool = createPool({ host, port, user, password, database });
});
afterAll(() => pool.end());

const asPostgres = { role: "postgres" };

describe("withClient", () => {
  it("says where it could not connect, and never the password", async () => {
    const { host, user, password } = cluster;
    const nowhere = createPool({ host, port: await freePort(), user, password, database });
    const refused = await withClient(nowhere, () => Promise.resolve()).catch(String);
    expect(refused).toMatch(
      /session_\w+" at 127\.0\.0\.1:\d+ as "postgres": .*ECONNREFUSED.*\[TNT-401\]/,
    );
    const wrong = createPool({ ...cluster, database, password: "wrong-password" });
    const rejected = await withClient(wrong, () => Promise.resolve()).catch(String);
    expect(rejected).toMatch(/password authentication failed.*\[TNT-416\]/);
    expect(`${String(refused)}${String(rejected)}`).not.toContain("-password");
  });

  it("closes a connection after an error and keeps it otherwise", async () => {
    const pid = (client: pg.PoolClient) =>
      client
        .query<{ pid: number }>("select pg_backend_pid() as pid")
        .then(({ rows }) => rows[0]!.pid);
    const first = await withClient(pool, pid);
    expect(await withClient(pool, pid)).toBe(first);
    await expect(withClient(pool, () => Promise.reject(new Error("mine")))).rejects.toThrow("mine");
    expect(await withClient(pool, pid)).not.toBe(first);
  });

  it("outlives connections that the server ends, idle or in use", async () => {
    const kill =
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()";
    const admin = await cluster.connect();
    await withClient(pool, (client) => client.query("select 1"));
    await admin.query(kill, [database]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const during = withTransaction(pool, asPostgres, async (client) => {
      await admin.query(kill, [database]);
      await client.query("select 1");
    });
    // Depends on whether the driver has noticed the end when the query is sent.
    await expect(during).rejects.toThrow(/terminat|connection error/);
    await expect(withClient(pool, (client) => client.query("select 1"))).resolves.toBeDefined();
    await admin.end();
  });

  it("tells PostgreSQL who it is, and gives up waiting on its own", async () => {
    const { rows } = await withClient(pool, (client) =>
      client.query(
        "select name, setting from pg_settings where name in ('application_name', 'lock_timeout', 'idle_in_transaction_session_timeout') order by 1",
      ),
    );
    expect(rows.map(({ setting }) => setting as string)).toEqual(["tenantry", "60000", "4000"]);
  });
});

describe("withTransaction", () => {
  it("keeps all or nothing, in the role asked for", async () => {
    await withTransaction(pool, asPostgres, (client) =>
      client.query("create table kept (by text default current_user)"),
    );
    await withTransaction(pool, { role: "pg_write_all_data" }, (client) =>
      client.query("insert into kept default values"),
    );
    const failing = withTransaction(pool, asPostgres, async (client) => {
      await client.query("insert into kept default values");
      throw new Error("mine");
    });
    await expect(failing).rejects.toThrow("mine");
    const { rows } = await pool.query("select current_user as me, array_agg(by) as by from kept");
    expect(rows).toEqual([{ me: "postgres", by: ["pg_write_all_data"] }]);
  });

  it("commits nothing once it was told to stop", async () => {
    const stop = new AbortController();
    const stopped = withTransaction(
      pool,
      { ...asPostgres, signal: stop.signal },
      async (client) => {
        await client.query("create table stopped ()");
        stop.abort();
      },
    );
    await expect(stopped).rejects.toThrow("aborted");
    const { rows } = await pool.query("select to_regclass('stopped') as stopped");
    expect(rows).toEqual([{ stopped: null }]);
  });

  it("says so when its role is missing", async () => {
    const work = withTransaction(pool, { role: "no_such_role" }, () => Promise.resolve());
    await expect(work).rejects.toThrow(/There is no role "no_such_role".*TNT-442/s);
  });
});

describe("takeLock", () => {
  it.each(["transaction", "session"] as const)("lets one %s at a time go on", async (scope) => {
    const order: string[] = [];
    const work = (name: string) =>
      withTransaction(pool, asPostgres, async (client) => {
        await takeLock(client, `mine ${scope}`, scope);
        order.push(`${name} in`);
        await new Promise((resolve) => setTimeout(resolve, 30));
        order.push(`${name} out`);
        if (scope === "session") await releaseLock(client, `mine ${scope}`);
      });
    await Promise.all([work("a"), work("b"), work("c")]);
    expect(
      order.filter((_, index) => index % 2 === 0).map((entry) => entry.replace("in", "out")),
    ).toEqual(order.filter((_, index) => index % 2 === 1));
  });

  it("holds up nobody who wants another one, and stops waiting when told to", async () => {
    await withTransaction(pool, asPostgres, async (holder) => {
      await takeLock(holder, "held", "transaction");
      await withTransaction(pool, asPostgres, (client) => takeLock(client, "other", "transaction"));
      const signal = AbortSignal.timeout(50);
      const waiting = withTransaction(pool, asPostgres, (client) =>
        takeLock(client, "held", "transaction", signal),
      );
      await expect(waiting).rejects.toThrow(/abort/i);
    });
  });
});

describe("retryContention", () => {
  const lockNothing = () =>
    withTransaction(pool, asPostgres, (client) => client.query("lock table nothing"));

  it("repeats what lost a lock, and only that", async () => {
    await pool.query("create table busy ()");
    const blocker = await cluster.connect({ database });
    await blocker.query("begin; lock table busy");
    let attempts = 0;
    await retryContention("locking", undefined, () =>
      withTransaction(pool, asPostgres, async (client) => {
        attempts += 1;
        if (attempts === 3) await blocker.query("commit");
        await client.query("set local lock_timeout = '10ms'; lock table busy");
      }),
    );
    expect(attempts).toBe(3);
    await blocker.end();
    await expect(retryContention("failing", undefined, lockNothing)).rejects.toMatchObject({
      code: "42P01",
    });
  });

  it("gives up in the end, naming what it tried", async () => {
    let attempts = 0;
    const losing = retryContention("Making x", undefined, () => {
      attempts += 1;
      return withTransaction(pool, asPostgres, (client) =>
        client.query("do $$ begin raise sqlstate '55P03'; end $$"),
      );
    });
    await expect(losing).rejects.toThrow(/^Making x: .* in 6 attempts.*\[TNT-403\]$/);
    expect(attempts).toBe(6);
  });
});
