import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { atOnce } from "../../src/fleet/at-once.ts";
import { migrateFleet } from "../../src/fleet/migrate-fleet.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { startCluster } from "../support/cluster.ts";
import type { TestCluster } from "../support/cluster.ts";
import { preparePlatform, smallSqlDirectory, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

const TENANTS = 1000;
const id = (number: number): string => `t${String(number).padStart(4, "0")}`;
const MIDDLE = id(500);

let cluster: TestCluster;
let platform: TestPlatform;
let sqlDirectory: string;
const write = (file: string, sql: string) => {
  writeFileSync(join(sqlDirectory, "tenant", file), sql);
};
/** By the pool, whose connections are made anew when the server was away. */
const query = async (sql: string, values: unknown[] = []): Promise<unknown> =>
  (await platform.ctx.pool.query(sql, values)).rows[0];
interface Standing {
  readonly registry: number;
  readonly ledger: number;
  readonly tables: number;
}
/** How many tenants have this version in the registry, this entry in the ledger, this table in their schema. */
const standing = async (table: string, number: number) =>
  (await query(
    `select count(*) filter (where r.version >= $2)::int as registry, count(l.number)::int as ledger,
       count(t.oid)::int as tables
     from tenantry.registry r
     left join tenantry.ledger l on l.tenant_key = r.key and l.number = $2
     left join pg_class t on t.relnamespace = r.schema_oid and t.relname = $1 and t.relkind = 'r'`,
    [table, number],
  )) as Standing;
const everywhere = (count: number): Standing => ({ registry: count, ledger: count, tables: count });

beforeAll(async () => {
  cluster = await startCluster();
  sqlDirectory = smallSqlDirectory();
  platform = await preparePlatform(cluster, { sqlDirectory, areas: ["books", "central"] });
  const ids = Array.from({ length: TENANTS }, (_, number) => id(number));
  await atOnce(ids, 4, async (one) => {
    await provisionTenant(platform.ctx, spec(one));
  });
}, 300_000);
afterAll(async () => {
  await platform.close();
  await cluster.stop();
});

test("one of a thousand that fails in the middle keeps its version, and the others get theirs", async () => {
  await query(`create view tenant_${MIDDLE}.extra as select 1 as one`);
  write("002_extra.sql", "alter table notes add column at date;\ncreate table extra (id int);\n");
  const first = await migrateFleet(platform.ctx);
  expect(first).toMatchObject({ version: 2, failures: [{ id: MIDDLE }], left: [] });
  expect(first.migrated).toHaveLength(TENANTS - 1);
  expect(await standing("extra", 2)).toEqual(everywhere(TENANTS - 1));
  await query(`drop view tenant_${MIDDLE}.extra`);
  expect(await migrateFleet(platform.ctx)).toMatchObject({ migrated: [MIDDLE], failures: [] });
  expect(await standing("extra", 2)).toEqual(everywhere(TENANTS));
}, 300_000);

test("a server that is killed in the middle of a thousand leaves each at one version, and the next run goes on", async () => {
  write("003_later.sql", "alter table notes add column ok int;\ncreate table later (id int);\n");
  let crash: Promise<void> | undefined;
  const run = migrateFleet(platform.ctx, undefined, {
    onProgress: (done) => {
      if (done >= TENANTS / 2) crash ??= cluster.crash();
    },
  });
  // It ends with what it could not write down; a server that is back soon takes that, too.
  await run.catch(() => undefined);
  await crash;
  const between = await standing("later", 3);
  expect(between).toEqual(everywhere(between.registry));
  expect(between.registry).toBeGreaterThan(0);
  expect(between.registry).toBeLessThan(TENANTS);
  const second = await migrateFleet(platform.ctx);
  expect(second).toMatchObject({ version: 3, failures: [], left: [] });
  expect(second.migrated).toHaveLength(TENANTS - between.registry);
  expect(await standing("later", 3)).toEqual(everywhere(TENANTS));
}, 300_000);
