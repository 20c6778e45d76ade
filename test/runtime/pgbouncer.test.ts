import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { createTenantPool } from "../../src/runtime/index.ts";
import type { ScopeTransaction } from "../../src/runtime/index.ts";
import { startCluster } from "../support/cluster.ts";
import type { TestCluster } from "../support/cluster.ts";
import { pgbouncerMissing, startPgBouncer } from "../support/pgbouncer.ts";
import type { PgBouncer } from "../support/pgbouncer.ts";
import { preparePlatform, spec } from "../support/platform.ts";
import type { Login, TestPlatform } from "../support/platform.ts";

if (pgbouncerMissing !== undefined)
  process.stderr.write(`Tests through PgBouncer are skipped: ${pgbouncerMissing}\n`);

const topics = async (tx: ScopeTransaction) =>
  (await tx.query("select topic, pg_backend_pid() as pid from conversations")).rows;

describe.skipIf(pgbouncerMissing !== undefined)("through a real PgBouncer", () => {
  let cluster: TestCluster;
  let platform: TestPlatform;
  let login: Login;
  beforeAll(async () => {
    cluster = await startCluster();
    platform = await preparePlatform(cluster);
    for (const [id, isolation] of [
      ["a", "shared"],
      ["b", "shared"],
      ["s", "strict"],
      ["t", "strict"],
    ] as const) {
      await provisionTenant(platform.ctx, spec(id, { isolation }));
      await platform.admin.query(
        `insert into tenant_${id}.conversations (topic) values ('of ${id}')`,
      );
    }
    login = platform.login(platform.roles.user);
  });
  afterAll(async () => {
    await platform.close();
    await cluster.stop();
  });

  describe("in transaction mode, with one server connection", () => {
    let pooler: PgBouncer;
    beforeAll(async () => {
      pooler = await startPgBouncer(login, "transaction");
    });
    afterAll(() => pooler.stop());

    test("a plain SET of one client is seen by another one: they share a backend", async () => {
      const clients = [new pg.Client(pooler.through(login)), new pg.Client(pooler.through(login))];
      await Promise.all(clients.map((client) => client.connect()));
      const [one, other] = clients as [pg.Client, pg.Client];
      await one.query("set search_path = tenant_a");
      expect((await other.query("select topic from conversations")).rows).toEqual([
        { topic: "of a" },
      ]);
      await one.query("reset search_path");
      await Promise.all(clients.map((client) => client.end()));
    });

    test.each([
      ["shared", "a", "b"],
      ["strict", "s", "t"],
    ] as const)(
      "%s: two pools with two tenants use one backend, and each sees its own rows",
      async (isolation, first, second) => {
        const pools = [first, second].map((id) => ({
          id,
          pool: createTenantPool({
            ...pooler.through(login),
            isolation,
            connectionTimeoutMillis: 0,
          }),
        }));
        const pids = new Set<unknown>();
        await Promise.all(
          Array.from({ length: 100 }, async (_, index) => {
            const { id, pool } = pools[index % 2]!;
            const rows =
              index % 4 < 2
                ? await pool.withTenant(id, topics)
                : (
                    await pool.tenantQuery(
                      id,
                      "select topic, pg_backend_pid() as pid from conversations where topic <> $1",
                      [""],
                    )
                  ).rows;
            expect(rows.map(({ topic }) => topic)).toEqual([`of ${id}`]);
            rows.forEach(({ pid }) => pids.add(pid));
          }),
        );
        expect(pids.size).toBe(1);
        // What one leaves in the session does not reach the other.
        await pools[0]!.pool.withTenant(first, async (tx) => {
          await tx.query("declare held cursor with hold for select * from conversations");
          await tx.query("set work_mem = '1234kB'");
        });
        await pools[1]!.pool.withTenant(second, async (tx) => {
          const { rows } = await tx.query(
            `select current_setting('work_mem') as work_mem,
              (select count(*)::int from pg_cursors where is_holdable) as cursors,
              (select count(*)::int from pg_prepared_statements where name <> '') as prepared`,
          );
          expect(rows).toEqual([{ work_mem: "4MB", cursors: 0, prepared: 0 }]);
        });
        await Promise.all(pools.map(({ pool }) => pool.check()));
        await Promise.all(pools.map(({ pool }) => pool.end()));
      },
    );

    test("a tenant that is not there is told", async () => {
      const pool = createTenantPool(pooler.through(login));
      await expect(pool.tenantQuery("nobody", "select 1")).rejects.toThrow("TNT-803");
      await pool.end();
    });
  });

  test("statement mode is told by the check, and session mode is fine", async () => {
    for (const mode of ["statement", "session"] as const) {
      const pooler = await startPgBouncer(login, mode);
      const pool = createTenantPool(pooler.through(login));
      if (mode === "session") await pool.check();
      else await expect(pool.check()).rejects.toThrow(/a transaction is refused .*TNT-814/s);
      await pool.end();
      await pooler.stop();
    }
  });
});
