import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { canariesOf, DEFAULT_POLICY } from "../../src/core/fleet-plan.ts";
import { migrateFleet } from "../../src/fleet/migrate-fleet.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { updateTenant } from "../../src/fleet/update-tenant.ts";
import { sharedCluster } from "../support/cluster.ts";
import { preparePlatform, smallSqlDirectory, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

/** Enough for several waves of four at once, with one that fails far from either end. */
const TENANTS = 210;
const id = (number: number): string => `t${String(number).padStart(3, "0")}`;
const ids = Array.from({ length: TENANTS }, (_, index) => id(index));
const MIDDLE = id(105);

let platform: TestPlatform;
let sqlDirectory: string;
const write = (file: string, sql: string) => {
  writeFileSync(join(sqlDirectory, "tenant", file), sql);
};
/** How many tenants are at each version. */
const versions = async () =>
  Object.fromEntries(
    (
      await platform.rows(
        "select version, count(*)::int as tenants from tenantry.registry group by 1 order by 1",
      )
    ).map(({ version, tenants }) => [String(version), Number(tenants)] as const),
  );
const failures = () =>
  platform.rows(
    "select r.id, f.number, f.attempts, f.message from tenantry.migration_failures f join tenantry.registry r on r.key = f.tenant_key order by 1",
  );

beforeAll(async () => {
  sqlDirectory = smallSqlDirectory();
  platform = await preparePlatform(await sharedCluster(), { sqlDirectory });
  const queue = ids.values();
  const work = async () => {
    for (const one of queue) await provisionTenant(platform.ctx, spec(one));
  };
  await Promise.all([work(), work(), work(), work()]);
});
afterAll(() => platform.close());

test("one that fails in the middle stays where it was, says why, and is tried again", async () => {
  await platform.admin.query(`create table tenant_${MIDDLE}.extra (id int)`);
  write("002_extra.sql", "alter table notes add column at date;\ncreate table extra (id int);\n");
  const first = await migrateFleet(platform.ctx);
  expect(first.migrated).toHaveLength(TENANTS - 1);
  expect(first).toMatchObject({ version: 2, failures: [{ id: MIDDLE }], left: [] });
  expect(await versions()).toEqual({ 1: 1, 2: TENANTS - 1 });
  expect(await failures()).toEqual([
    {
      id: MIDDLE,
      number: 2,
      attempts: 1,
      message: expect.stringMatching(/^sql\/tenant\/002_extra\.sql:2: .*42P07/) as unknown,
    },
  ]);
  const columns = await platform.rows(
    "select count(*)::int as n from pg_attribute where attrelid = $1::regclass and attname = 'at'",
    [`tenant_${MIDDLE}.notes`],
  );
  expect(columns).toEqual([{ n: 0 }]);

  expect(await migrateFleet(platform.ctx)).toMatchObject({ migrated: [], failures: [{}] });
  expect(await failures()).toMatchObject([{ attempts: 2 }]);
  await platform.admin.query(`drop table tenant_${MIDDLE}.extra`);
  expect(await migrateFleet(platform.ctx)).toMatchObject({ migrated: [MIDDLE], failures: [] });
  expect(await failures()).toEqual([]);
  expect(await versions()).toEqual({ 2: TENANTS });
});

test("when a canary fails, nobody else is touched", async () => {
  const policy = { ...DEFAULT_POLICY, canary: [id(7), id(150)] };
  write("003_bad.sql", "alter table notes add column ok int;\nselect 1 / 0;\n");
  const before = await platform.rows("select max(entry) as entry from tenantry.ledger");
  const result = await migrateFleet(platform.ctx, policy);
  expect(result.failures.map((one) => one.id)).toEqual([id(7), id(150)]);
  expect(result.migrated).toEqual([]);
  expect(result.left).toHaveLength(TENANTS - 2);
  expect(await versions()).toEqual({ 2: TENANTS });
  expect(await platform.rows("select max(entry) as entry from tenantry.ledger")).toEqual(before);

  // It ran nowhere, so it may still be corrected.
  write("003_bad.sql", "alter table notes add column ok int;\n");
  const canaries = await migrateFleet(platform.ctx, policy, { canaryOnly: true });
  expect(canaries).toMatchObject({ migrated: [id(7), id(150)], failures: [], left: [] });
  expect(await versions()).toEqual({ 2: TENANTS - 2, 3: 2 });
  expect((await migrateFleet(platform.ctx, policy)).migrated).toHaveLength(TENANTS - 2);
  expect(await versions()).toEqual({ 3: TENANTS });
});

test("a share of canaries is the same in each run", async () => {
  const members = ids.map((one) => ({ id: one, follows: true, behind: true, failed: false }));
  const expected = [...canariesOf(members, "2%")].toSorted();
  expect(expected).toHaveLength(5);
  write("004_share.sql", "select 1 / 0;\n");
  for (let run = 0; run < 2; run += 1) {
    // At once, a canary or two may be under way when the first one fails.
    const result = await migrateFleet(platform.ctx, { ...DEFAULT_POLICY, canary: "2%" });
    expect(expected).toEqual(expect.arrayContaining(result.failures.map((one) => one.id)));
    expect(result.failures.length).toBeGreaterThan(0);
  }
  write("004_share.sql", "create table share (id int);\n");
  await migrateFleet(platform.ctx, { ...DEFAULT_POLICY, canary: "2%" });
  expect(await versions()).toEqual({ 4: TENANTS });
  expect(await failures()).toEqual([]);
});

test("it stops once more failed than may, and those that failed come last in the next run", async () => {
  for (const number of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    await platform.admin.query(`create table tenant_${id(number)}.more (id int)`);
  write("005_more.sql", "create table more (id int);\n");
  const first = await migrateFleet(platform.ctx, { ...DEFAULT_POLICY, maxFailures: "1%" });
  // Two are one per cent; the third stops the run, and three others may be under way.
  expect(first.failures.length).toBeGreaterThanOrEqual(3);
  expect(first.failures.length).toBeLessThanOrEqual(6);
  expect(first.left.length).toBe(TENANTS - first.failures.length - first.migrated.length);
  const second = await migrateFleet(platform.ctx, { ...DEFAULT_POLICY, maxFailures: 9 });
  expect(second.failures).toHaveLength(10);
  expect(second.migrated.length + first.migrated.length).toBe(TENANTS - 10);
  expect(second.left).toEqual([]);
});

test("a change of a tenant does not run ahead of the canaries, unless it is about migrations", async () => {
  write("006_later.sql", "create table later (id int);\n");
  const renamed = spec(id(20), { company: "Another" });
  expect(await updateTenant(platform.ctx, renamed)).toMatchObject({ version: 5 });
  const pinned = { ...renamed, pin: 6 };
  expect(await updateTenant(platform.ctx, pinned)).toMatchObject({ version: 6 });
  await updateTenant(platform.ctx, spec(id(21), { state: "retired" }));
  expect(await updateTenant(platform.ctx, spec(id(21)))).toMatchObject({ version: 6 });
});
