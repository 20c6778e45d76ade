import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { FleetContext } from "../../src/fleet/context.ts";
import { migrateFleet } from "../../src/fleet/migrate-fleet.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { createPool } from "../../src/postgres/pool.ts";
import { osUser } from "../../src/server/os-user.ts";
import { startServer } from "../../src/server/start-server.ts";
import { findBinaries } from "../../src/server/binaries.ts";
import { reachableBinaries } from "../../src/server/reachable-binaries.ts";
import { startCluster } from "../support/cluster.ts";
import type { TestCluster } from "../support/cluster.ts";
import { preparePlatform, smallSqlDirectory, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

const TENANTS = 24;
const id = (number: number): string => `t${String(number).padStart(2, "0")}`;
const ids = Array.from({ length: TENANTS }, (_, index) => id(index));

let cluster: TestCluster;
let platform: TestPlatform;
let sqlDirectory: string;
const write = (file: string, sql: string) => {
  writeFileSync(join(sqlDirectory, "tenant", file), sql);
};
/** Tenants whose version, ledger and tables do not agree: there must be none, whatever happened. */
const torn = (table: string, number: number) =>
  platform.rows(
    `select r.id from tenantry.registry r
     left join tenantry.ledger l on l.tenant_key = r.key and l.number = $2
     where (r.version >= $2) is distinct from (to_regclass(r.schema_name || '.' || $1) is not null)
       or (r.version >= $2) is distinct from (l.number is not null)`,
    [table, number],
  );
const atVersion = async (version: number): Promise<number> =>
  Number(
    (
      await platform.rows("select count(*)::int as n from tenantry.registry where version = $1", [
        version,
      ])
    )[0]?.n,
  );

/** The same with connections of its own, as another process has. */
function another(options: pg.PoolConfig = {}): FleetContext {
  const { host, port, user, password } = cluster;
  const { database } = platform;
  const pool = createPool({ host, port, user, password, database });
  Object.assign(pool.options, options);
  onTestFinished(() => pool.end());
  return { ...platform.ctx, pool };
}

async function holding(sql: string): Promise<pg.Client> {
  const client = await cluster.connect({ database: platform.database });
  await client.query("begin");
  await client.query(sql);
  return client;
}

beforeAll(async () => {
  // What a commit said must be there after a crash.
  cluster = await startCluster({ settings: { synchronous_commit: "on" } });
  sqlDirectory = smallSqlDirectory();
  platform = await preparePlatform(cluster, { sqlDirectory });
  for (const one of ids) await provisionTenant(platform.ctx, spec(one));
});
afterAll(async () => {
  await platform.close();
  await cluster.stop();
});

test("a long transaction on a tenant holds up that tenant alone, and is told", async () => {
  const impatient = another({ lock_timeout: 100 });
  const report = await holding(`select * from tenant_${id(5)}.notes`);
  write("002_at.sql", "alter table notes add column at date;\ncreate table at2 ();\n");
  const { migrated, failures } = await migrateFleet(impatient);
  expect(migrated).toHaveLength(TENANTS - 1);
  expect(failures).toEqual([
    { id: id(5), message: expect.stringMatching(/Migrating tenant t05.*TNT-403/s) as unknown },
  ]);
  expect(await platform.rows("select number, message from tenantry.migration_failures")).toEqual([
    { number: 2, message: failures[0]?.message },
  ]);
  expect(await torn("at2", 2)).toEqual([]);
  // Who waits for us in turn is not held up for long: the lock is given up between two attempts.
  const waiting = migrateFleet(impatient);
  await sleep(400);
  await report.query("commit");
  expect(await waiting).toMatchObject({ migrated: [id(5)], failures: [] });
  expect(await platform.rows("select from tenantry.migration_failures")).toEqual([]);
  await report.end();
});

test("two runs at once migrate each tenant once", async () => {
  write("003_twice.sql", "create table twice (id int);\n");
  const runs = await Promise.all([migrateFleet(platform.ctx), migrateFleet(another())]);
  for (const run of runs) expect(run).toMatchObject({ version: 3, failures: [], left: [] });
  expect(new Set(runs.flatMap(({ migrated }) => migrated)).size).toBe(TENANTS);
  expect(await torn("twice", 3)).toEqual([]);
  const audited = await platform.rows(
    "select tenant_id from central.audit_log where action = 'tenant.migrated' and after ->> 'version' = '3'",
  );
  expect(audited).toHaveLength(TENANTS);
});

/** Kills the server, and starts it again on the same data. */
async function crash(): Promise<void> {
  await cluster.stop();
  await platform.close();
  const account = osUser();
  await startServer({
    binaries: reachableBinaries(findBinaries(), account),
    osUser: account,
    dataDirectory: cluster.dataDirectory,
    logFile: cluster.logFile,
    settings: {
      port: String(cluster.port),
      listen_addresses: "127.0.0.1",
      unix_socket_directories: "",
    },
  });
  const admin = await cluster.connect({ database: platform.database });
  platform = {
    ...platform,
    admin,
    ctx: another(),
    rows: async (sql, values = []) =>
      (await admin.query<Record<string, unknown>>(sql, values)).rows,
    close: () => admin.end(),
  };
}

test("a server that is killed in the middle ends the run; the next one does the rest", async () => {
  write("004_crash.sql", "select pg_sleep(0.02);\ncreate table crash (id int);\n");
  const doomed = migrateFleet(another());
  const ended = expect(doomed).rejects.toThrow();
  while ((await atVersion(4)) < 3) await sleep(5);
  await Promise.all([crash(), ended]);
  expect(await torn("crash", 4)).toEqual([]);
  // The last few may be undone: nobody was told yet that they were done.
  const done = await atVersion(4);
  expect(done).toBeLessThan(TENANTS);
  const { migrated, failures } = await migrateFleet(another());
  expect(failures).toEqual([]);
  expect(migrated).toHaveLength(TENANTS - done);
  await crash();
  expect(await atVersion(4)).toBe(TENANTS);
  expect(await torn("crash", 4)).toEqual([]);
});

test("a clock that went back decides nothing", async () => {
  // As after a clock that was a year ahead: all that was written lies in the future.
  for (const [table, columns] of [
    ["registry", "created_at, updated_at"],
    ["ledger", "applied_at"],
    ["migrations", "first_applied_at"],
  ] as const)
    for (const column of columns.split(", "))
      await platform.admin.query(
        `update tenantry.${table} set ${column} = ${column} + interval '1 year'`,
      );
  write("005_clock.sql", "create table clock (id int);\n");
  await platform.admin.query(`create table tenant_${id(3)}.clock ()`);
  const ctx = another();
  expect(await migrateFleet(ctx)).toMatchObject({ failures: [{ id: id(3) }] });
  await platform.admin.query(
    "update tenantry.migration_failures set failed_at = failed_at + interval '1 year'",
  );
  expect(await migrateFleet(ctx)).toMatchObject({ migrated: [], failures: [{ id: id(3) }] });
  expect(
    await platform.rows(
      "select attempts, failed_at < now() + interval '1 day' as now from tenantry.migration_failures",
    ),
  ).toEqual([{ attempts: 2, now: true }]);
  await platform.admin.query(`drop table tenant_${id(3)}.clock`);
  expect(await migrateFleet(ctx)).toMatchObject({ migrated: [id(3)], failures: [] });
  expect(await migrateFleet(ctx)).toMatchObject({ migrated: [], failures: [] });
  expect(await torn("clock", 5)).toEqual([]);
});
