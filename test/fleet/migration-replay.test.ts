import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrateFleet } from "../../src/fleet/migrate-fleet.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { readTenant } from "../../src/fleet/read-tenant.ts";
import { lockKey } from "../../src/core/lock-key.ts";
import { tenantLock } from "../../src/fleet/tenant-session.ts";
import { sharedCluster } from "../support/cluster.ts";
import { preparePlatform, smallSqlDirectory, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

/** More than are looked at step by step, which are as many as run at once. */
const ids = Array.from({ length: 16 }, (_, index) => `r${String(index).padStart(2, "0")}`);

let platform: TestPlatform;
let sqlDirectory: string;
const write = (file: string, sql: string) => {
  writeFileSync(join(sqlDirectory, "tenant", file), sql);
};
const driftOf = async (id: string) => (await readTenant(platform.ctx, id))?.drift.objects;

beforeAll(async () => {
  sqlDirectory = smallSqlDirectory();
  platform = await preparePlatform(await sharedCluster(), { sqlDirectory });
  for (const id of ids) await provisionTenant(platform.ctx, spec(id));
});
afterAll(() => platform.close());

test("what is replayed is in the books as what was looked at, and each schema is as it says", async () => {
  write("002_at.sql", "alter table notes add column at date");
  write(
    "003_more.sql",
    "create table more (id int);\ncreate index on more (id) -- and no semicolon",
  );
  const { migrated } = await migrateFleet(platform.ctx);
  expect(migrated).toEqual(ids);
  const books = await platform.rows(`
    select r.id, r.version, l.entries, a.lines, r.fingerprint =
      (select md5(array_to_string(o.objects, E'\\n')) from tenantry.schema_objects(array[r.schema_oid]) o) as exact
    from tenantry.registry r,
      lateral (select array_agg(number order by number) as entries from tenantry.ledger where tenant_key = r.key) l,
      lateral (select array_agg(after ->> 'version' order by id) as lines from central.audit_log
        where tenant_id = r.id and action = 'tenant.migrated') a
    order by 1`);
  const entries = [1, 2, 3];
  expect(books).toEqual(
    ids.map((id) => ({ id, version: 3, entries, lines: ["2", "3"], exact: true })),
  );
  const [owners] = await platform.rows(
    "select array_agg(distinct pg_get_userbyid(relowner)::text) as owners from pg_class where relname = 'more'",
  );
  expect(owners).toEqual({ owners: [platform.roles.owner] });
});

test("what a tenant has beside its migrations stays told", async () => {
  const last = ids.at(-1) ?? "";
  await platform.admin.query(`alter table tenant_${last}.notes add column strange int`);
  write("004_next.sql", "alter table more add column b int;\n");
  await migrateFleet(platform.ctx);
  expect(await driftOf(last)).toEqual(["undeclared object: column notes.strange: integer"]);
  expect(await driftOf(ids[8] ?? "")).toEqual([]);
});

test("a tenant that is not as expected is looked at, and said why", async () => {
  const [foreign = "", busy = "", broken = ""] = ids.slice(10);
  await platform.admin.query(`comment on schema tenant_${foreign} is 'mine'`);
  await platform.admin.query(`create table tenant_${broken}.five (id int)`);
  const other = platform.admin;
  await other.query("select pg_advisory_lock($1)", [lockKey(tenantLock(busy))]);
  write("005_five.sql", "create table five (id int);\n");
  const running = migrateFleet(platform.ctx);
  await expect
    .poll(
      () => platform.rows("select count(*)::int as n from tenantry.registry where version = 5"),
      { timeout: 30_000 },
    )
    .toEqual([{ n: ids.length - 3 }]);
  await other.query("select pg_advisory_unlock($1)", [lockKey(tenantLock(busy))]);
  const { migrated, failures } = await running;
  expect(migrated).toContain(busy);
  expect(failures).toEqual([
    { id: foreign, message: expect.stringContaining("TNT-406") as string },
    { id: broken, message: expect.stringMatching(/005_five\.sql:1: .*42P07/) as string },
  ]);
});
