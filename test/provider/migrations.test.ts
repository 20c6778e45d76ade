import { readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrationChecksums } from "../../src/fleet/migration-checksums.ts";
import { secret } from "../../src/protocol/values.ts";
import type { Properties } from "../../src/protocol/values.ts";
import { sharedCluster } from "../support/cluster.ts";
import { copySqlDirectory, preparePlatform, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";
import { projectDirectory, TenantryPlugin } from "../support/tenantry-plugin.ts";

let sql: string;
let platform: TestPlatform;
let plugin: TenantryPlugin;

const checksums = (area: "books" | "central" | "tenant"): Record<string, string> =>
  migrationChecksums(sql, area);
const migrations = (area: "books" | "central", more: Properties = {}): Properties => ({
  area,
  files: checksums(area),
  ...more,
});

beforeAll(async () => {
  const cluster = await sharedCluster();
  platform = await preparePlatform(cluster, { areas: [] });
  sql = copySqlDirectory();
  const root = projectDirectory();
  unlinkSync(join(root, "sql"));
  symlinkSync(sql, join(root, "sql"));
  plugin = await TenantryPlugin.on(cluster, platform, {}, root);
});
afterAll(async () => {
  await plugin.stop();
  await platform.close();
});

test("areas are applied in order, each file once", async () => {
  const books = plugin.resource("Migrations", "books");
  const preview = await books.preview(migrations("books"));
  const { rows } = await platform.admin.query("select to_regclass('tenantry.registry') as found");
  expect(rows).toEqual([{ found: null }]);
  expect(await books.apply(migrations("books"))).toEqual(preview);
  expect(await books.apply(migrations("books"))).toEqual(preview);
  const central = plugin.resource("Migrations", "central");
  await central.apply(migrations("central", { rowLevelSecurity: true }));
  expect((await central.diff(migrations("central", { rowLevelSecurity: false }))).detailed).toEqual(
    {
      rowLevelSecurity: "UPDATE",
    },
  );
  const rotations = { nostromo_app: { generation: 2, overlap: false } };
  await central.apply(migrations("central", { rotations }));
  const next = { nostromo_app: { generation: 3, overlap: true, confirmed: 2 } };
  expect((await central.diff(migrations("central", { rotations: next }))).detailed).toEqual({
    "rotations.nostromo_app.generation": "UPDATE",
    "rotations.nostromo_app.overlap": "UPDATE",
    "rotations.nostromo_app.confirmed": "ADD",
  });
  for (const area of ["parametros", "shared"] as const)
    await plugin.resource("Migrations", area).apply({ area, files: migrationChecksums(sql, area) });
  const shared = plugin.resource("Migrations", "shared");
  const isShared = async () => {
    const found = "select relrowsecurity as yes from pg_class where relname = 'messages'";
    return (await platform.rows(found))[0]?.yes;
  };
  const files = migrationChecksums(sql, "shared");
  await shared.apply({ area: "shared", files, partitions: "values" });
  expect(await isShared()).toBe(true);
  await shared.apply({ area: "shared", files });
  expect(await isShared()).toBe(false);
  await expect(books.remove()).rejects.toThrow(/TNT-470/);
});

test("history does not change: an edited or missing file is refused", async () => {
  const central = plugin.resource("Migrations", "central");
  const inputs = migrations("central");
  central.state = { id: "central", inputs, outputs: inputs };
  const [first = "", second = ""] = Object.keys(checksums("central"));
  const edited = { ...checksums("central"), [first]: "0".repeat(64) };
  Reflect.deleteProperty(edited, second);
  expect(await central.check({ area: "central", files: edited })).toEqual([
    expect.stringContaining(`The migration sql/central/${first} was edited after it ran.`),
    expect.stringContaining(`The migration sql/central/${second} is gone after it ran.`),
  ]);
  expect(await central.check({ area: "elsewhere", files: { "001_a.sql": "abc" } })).toContain(
    'area: area has to be one of books, central, parametros, shared; it is "elsewhere".',
  );
  expect(await central.check({ ...inputs, partitions: "values" })).toEqual([
    "partitions: partitions is for the area shared only.",
  ]);
  const rotations = { nostromo_app: { generation: 0, overlap: "yes" } };
  expect(await central.check({ ...inputs, rotations })).toEqual([
    "rotations.nostromo_app.generation: rotations.nostromo_app.generation has to be a whole number from 1 to 1000000; it is 0.",
    'rotations.nostromo_app.overlap: rotations.nostromo_app.overlap has to be true or false; it is "yes".',
  ]);
  expect(await central.check({ ...inputs, area: "books", rotations: {} })).toContain(
    "rotations: rotations is for the area central only.",
  );
  expect(await central.check(inputs)).toEqual([]);
  expect(
    await central.check({
      ...inputs,
      files: { ...checksums("central"), "900_x.sql": "0".repeat(64) },
    }),
  ).toEqual([]);
});

test("a new migration reaches every tenant; one that fails does not stop the others", async () => {
  for (const id of ["one", "two"])
    await plugin.resource("Tenant", id).apply({ spec: { ...spec(id) } });
  const fleet = plugin.resource("FleetMigrations", "fleet");
  const before = checksums("tenant");
  await fleet.apply({ tenant: before });

  const number = Object.keys(before).length + 1;
  const name = `${String(number).padStart(3, "0")}_notes.sql`;
  const file = join(sql, "tenant", name);
  writeFileSync(file, 'create table :"schema".notes (id bigint primary key);\n');
  expect((await fleet.diff({ tenant: checksums("tenant") })).detailed).toEqual({
    [`tenant["${name}"]`]: "ADD",
  });
  // Tenant two has a table of that name already.
  await platform.admin.query("create table tenant_two.notes (id int)");
  await expect(fleet.apply({ tenant: checksums("tenant") })).rejects.toThrow(
    /tenant two: .*already exists/s,
  );
  const versions = await platform.admin.query(
    "select id, version from tenantry.registry order by id",
  );
  expect(versions.rows).toEqual([
    { id: "one", version: number },
    { id: "two", version: number - 1 },
  ]);
  await platform.admin.query("drop table tenant_two.notes");
  expect(await fleet.apply({ tenant: checksums("tenant") })).toMatchObject({ version: number });
  const broken = join(sql, "tenant", `${String(number + 1).padStart(3, "0")}_broken.sql`);
  writeFileSync(broken, "select 1 / 0;\n");
  const careful = { tenant: checksums("tenant"), canary: ["two"] };
  await expect(fleet.apply(careful)).rejects.toThrow(
    /tenant two: .*22012.*\n1 more tenant was left as before/s,
  );
  rmSync(broken);
  expect(readFileSync(file, "utf8")).toContain("notes");
  rmSync(file);
  expect(await fleet.check({ tenant: checksums("tenant") })).toEqual([
    expect.stringContaining(`sql/tenant/${name} is gone after it ran`),
  ]);
});

test("how the fleet is migrated is checked, and followed", async () => {
  const fleet = plugin.resource("FleetMigrations", "careful");
  const tenant = checksums("tenant");
  expect(await fleet.check({ tenant, canary: "5", maxFailures: -1, wave: 0 })).toEqual([
    'canary: canary has to be a share such as 5%; it is "5".',
    "maxFailures: maxFailures has to be a whole number from 0 to 1000000; it is -1.",
    "wave: wave has to be a whole number from 1 to 1000000; it is 0.",
  ]);
  expect(await fleet.check({ tenant, canary: ["one"], maxFailures: "1%", wave: 5 })).toEqual([]);
});

test("a refresh sees what ran, and that a database without books, or none at all, has nothing", async () => {
  const central = plugin.resource("Migrations", "central");
  const tenant = plugin.resource("Tenant", "one");
  const fleet = plugin.resource("FleetMigrations", "fleet");
  const files = migrations("central");
  const recall = (): void => {
    central.state = { id: "central", inputs: files, outputs: { ...files, version: 3 } };
    tenant.state = { id: "one", inputs: { spec: { ...spec("one") } }, outputs: {} };
    fleet.state = { id: "fleet", inputs: {}, outputs: {} };
  };
  recall();
  expect(await central.refresh()).toMatchObject({ inputs: files, outputs: { version: 5 } });
  // A file that never ran here is something to do.
  const later = { ...files, files: { ...checksums("central"), "900_later.sql": "0".repeat(64) } };
  central.state = { id: "central", inputs: later, outputs: later };
  expect(await central.refresh()).toMatchObject({ inputs: { files: checksums("central") } });

  await platform.admin.query("drop schema tenantry cascade");
  for (const resource of [central, tenant, fleet]) {
    recall();
    expect(await resource.refresh()).toBeUndefined();
  }
  const nowhere = await TenantryPlugin.start(projectDirectory(), {
    port: (await sharedCluster()).port,
    password: secret((await sharedCluster()).password),
    database: "no_such_database",
  });
  try {
    const gone = nowhere.resource("Tenant", "one", { id: "one", inputs: {}, outputs: {} });
    expect(await gone.refresh()).toBeUndefined();
  } finally {
    await nowhere.stop();
  }
});
