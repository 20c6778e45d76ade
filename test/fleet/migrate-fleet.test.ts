import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyMigrations } from "../../src/fleet/apply-migrations.ts";
import { listTenants } from "../../src/fleet/list-tenants.ts";
import { migrateFleet } from "../../src/fleet/migrate-fleet.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { readTenant } from "../../src/fleet/read-tenant.ts";
import { sharedCluster } from "../support/cluster.ts";
import { copySqlDirectory, preparePlatform, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

let platform: TestPlatform;
let sqlDirectory: string;
const write = (file: string, sql: string) => {
  writeFileSync(join(sqlDirectory, file), sql);
};
const versions = async () =>
  Object.fromEntries((await listTenants(platform.ctx)).map(({ id, version }) => [id, version]));

beforeAll(async () => {
  sqlDirectory = copySqlDirectory();
  platform = await preparePlatform(await sharedCluster(), { sqlDirectory });
  await provisionTenant(platform.ctx, spec("a"));
  await provisionTenant(platform.ctx, spec("firm", { isolation: "strict" }));
  await provisionTenant(platform.ctx, spec("held", { pin: 3 }));
  await provisionTenant(platform.ctx, spec("off", { state: "suspended" }));
  await provisionTenant(platform.ctx, spec("left", { state: "retired" }));
});
afterAll(() => platform.close());

describe("migrateFleet", () => {
  it("does nothing when nobody is behind", async () => {
    expect(await migrateFleet(platform.ctx)).toEqual({
      version: 3,
      migrated: [],
      failures: [],
      left: [],
    });
  });

  it("refuses a migration that was edited or is gone, before anything runs", async () => {
    write("tenant/004_bonus.sql", "create table bonus (id int);");
    const original = "tenant/003_payroll.sql";
    const broken = copySqlDirectory();
    writeFileSync(join(broken, original), "select 1;");
    const edited = { ...platform.ctx, sqlDirectory: broken };
    for (const attempt of [() => migrateFleet(edited), () => provisionTenant(edited, spec("z"))])
      await expect(attempt()).rejects.toThrow(/sql\/tenant\/003_payroll\.sql.*\[TNT-503\]/);
    rmSync(join(broken, original));
    await expect(migrateFleet(edited)).rejects.toThrow(
      /sql\/tenant\/003_payroll\.sql.*\[TNT-504\]/,
    );
    expect(await versions()).toMatchObject({ a: 3, firm: 3 });
  });

  it("brings everyone to the newest but the pinned and the retired, with their rights", async () => {
    write(
      "tenant/004_bonus.sql",
      "create table bonus (id bigint generated always as identity primary key);",
    );
    expect(await migrateFleet(platform.ctx)).toEqual({
      version: 4,
      migrated: ["a", "firm", "off"],
      failures: [],
      left: [],
    });
    expect(await versions()).toEqual({ a: 4, firm: 4, held: 3, off: 4, left: 3 });
    for (const id of ["a", "firm", "off", "held"])
      expect((await readTenant(platform.ctx, id))?.drift).toEqual({ rights: [], objects: [] });
  });

  it("leaves who fails at the last good version and goes on with the others", async () => {
    await platform.admin.query("create table tenant_a.extra (id int)");
    write("tenant/005_fine.sql", "create table fine (id int);\n");
    write(
      "tenant/006_extra.sql",
      "-- A table more.\ncreate table other (id int);\n\ncreate table\n  extra (id int);\n",
    );
    const result = await migrateFleet(platform.ctx);
    expect(result).toMatchObject({
      version: 6,
      migrated: ["firm", "off"],
      failures: [{ id: "a" }],
    });
    expect(result.failures[0]!.message).toMatch(
      /^sql\/tenant\/006_extra\.sql:4: .*extra.*already exists.*42P07/,
    );
    expect(await versions()).toMatchObject({ a: 5, firm: 6, off: 6 });
    const other = await platform.admin.query("select to_regclass('tenant_a.other') as other");
    expect(other.rows).toEqual([{ other: null }]);
    await platform.admin.query("drop table tenant_a.extra");
    expect(await migrateFleet(platform.ctx)).toMatchObject({ migrated: ["a"], failures: [] });
  });

  it("builds indexes concurrently on live tenants, again after one was left invalid, and plainly at creation", async () => {
    const { ctx, admin } = platform;
    await admin.query("insert into tenant_firm.bonus default values");
    write(
      "tenant/007_index.sql",
      "create unique index :concurrently if not exists bonus_even on bonus ((id % 2));\n",
    );
    await admin.query(
      "insert into tenant_a.bonus default values; insert into tenant_a.bonus default values; insert into tenant_a.bonus default values",
    );
    const first = await migrateFleet(ctx);
    expect(first.migrated).toEqual(["firm", "off"]);
    expect(first.failures[0]!.message).toMatch(/^sql\/tenant\/007_index\.sql:1: .*23505/);
    const valid = () =>
      platform.rows(
        "select indisvalid from pg_index where indexrelid = to_regclass('tenant_a.bonus_even')",
      );
    expect(await valid()).toEqual([{ indisvalid: false }]);
    await admin.query("delete from tenant_a.bonus where id = 3");
    expect(await migrateFleet(ctx)).toMatchObject({ migrated: ["a"], failures: [] });
    expect(await valid()).toEqual([{ indisvalid: true }]);
    await provisionTenant(ctx, spec("late"));
    expect(await versions()).toMatchObject({ a: 7, late: 7 });
    expect((await readTenant(ctx, "late"))?.drift.objects).toEqual([]);
  });

  it("refuses statements that could not be repeated beside :concurrently", async () => {
    write(
      "tenant/008_mixed.sql",
      "create index :concurrently if not exists x on fine (id);\nalter table fine add y int;\n",
    );
    const { failures } = await migrateFleet(platform.ctx);
    expect(failures[0]!.message).toMatch(/^sql\/tenant\/008_mixed\.sql:2: .*\[TNT-507\]/);
    rmSync(join(sqlDirectory, "tenant/008_mixed.sql"));
  });

  it("gives every tenant its partition of a new shared table", async () => {
    write(
      "shared/003_events.sql",
      'create table shared.events (id uuid not null default gen_random_uuid(), :"partition_key" text not null, primary key (id, :"partition_key")) partition by list (:"partition_key");\ncreate table shared.events_default partition of shared.events default;',
    );
    expect(await applyMigrations(platform.ctx, "shared")).toEqual({ version: 3, applied: [3] });
    await platform.admin.query("insert into shared.events (tenant_id) values ('a'), ('nobody')");
    const { migrated, failures } = await migrateFleet(platform.ctx);
    expect(failures).toEqual([]);
    expect(migrated).toEqual(["a", "firm", "held", "late", "off"]);
    const rows = await platform.admin.query(
      "select tableoid::regclass::text as place from shared.events order by tenant_id",
    );
    expect(rows.rows).toEqual([{ place: "tenant_a.events" }, { place: "shared.events_default" }]);
    expect(await readTenant(platform.ctx, "held")).toMatchObject({
      version: 3,
      missingPartitions: [],
      drift: { objects: [] },
    });
    expect(await migrateFleet(platform.ctx)).toMatchObject({ migrated: [] });
  });
});
