import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adoptDatabase } from "../../src/fleet/adopt-database.ts";
import { applyMigrations } from "../../src/fleet/apply-migrations.ts";
import { listTenants } from "../../src/fleet/list-tenants.ts";
import { migrateFleet } from "../../src/fleet/migrate-fleet.ts";
import { readSqlArea } from "../../src/fleet/sql-files.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { readTenant } from "../../src/fleet/read-tenant.ts";
import { createPool } from "../../src/postgres/pool.ts";
import { sharedCluster } from "../support/cluster.ts";
import type { TestCluster } from "../support/cluster.ts";
import { copySqlDirectory, preparePlatform, spec, SQL_DIRECTORY } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await sharedCluster();
});

describe("applyMigrations", () => {
  let platform: TestPlatform;
  const sqlDirectory = copySqlDirectory();
  beforeAll(async () => {
    platform = await preparePlatform(cluster, { areas: [], sqlDirectory });
  });
  afterAll(() => platform.close());

  it("asks for the books first", async () => {
    for (const attempt of [
      () => applyMigrations(platform.ctx, "central"),
      () => provisionTenant(platform.ctx, spec("early")),
      () => listTenants(platform.ctx),
      () => migrateFleet(platform.ctx),
      () => adoptDatabase(platform.ctx),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: "TNT-415" });
  });

  it("applies each file once, as the owner, and remembers where", async () => {
    const { ctx, rows, roles } = platform;
    const books = readSqlArea(SQL_DIRECTORY, "books").map(({ number }) => number);
    const version = books.length;
    expect(await applyMigrations(ctx, "books")).toEqual({ version, applied: books });
    expect(await applyMigrations(ctx, "books")).toEqual({ version, applied: [] });
    expect(await applyMigrations(ctx, "central")).toEqual({ version: 5, applied: [1, 2, 3, 4, 5] });
    expect(
      await rows(
        "select distinct pg_get_userbyid(relowner)::text as owner from pg_class where relnamespace in ('tenantry'::regnamespace, 'central'::regnamespace) and relkind = 'r'",
      ),
    ).toEqual([{ owner: roles.owner }]);
    expect(
      await rows("select area, number, tenant_key from tenantry.ledger order by entry"),
    ).toEqual([
      ...books.map((number) => ({ area: "books", number, tenant_key: null })),
      ...[1, 2, 3, 4].map((number) => ({ area: "central", number, tenant_key: null })),
    ]);
    const identity = await rows("select value from tenantry.settings where name = 'database'");
    expect(identity).toEqual([{ value: expect.stringMatching(/^\d+\/\d+$/) }]);
  });

  it("applies nothing twice when two runs start at once", async () => {
    const results = await Promise.all([1, 2].map(() => applyMigrations(platform.ctx, "shared")));
    expect(results.flatMap(({ applied }) => applied)).toEqual([1, 2]);
  });

  it("undoes a file that fails, with the ones before it, and says where", async () => {
    const { ctx, rows } = platform;
    writeFileSync(join(sqlDirectory, "shared/003_good.sql"), "create table shared.good (id int);");
    writeFileSync(
      join(sqlDirectory, "shared/004_bad.sql"),
      "-- año\ncreate table shared.bad (\n  ñandú int,\n  id ïnteger\n);\n",
    );
    await expect(applyMigrations(ctx, "shared")).rejects.toThrow(
      'sql/shared/004_bad.sql:4: type "ïnteger" does not exist (SQLSTATE 42704).\n' +
        "    id ïnteger\n" +
        "       ^ [TNT-506]",
    );
    expect(await rows("select to_regclass('shared.good') as good")).toEqual([{ good: null }]);
  });

  it("refuses an edited file before anything runs", async () => {
    writeFileSync(join(sqlDirectory, "central/002_users.sql"), "select 1;");
    writeFileSync(join(sqlDirectory, "central/005_more.sql"), "create table central.more ();");
    await expect(applyMigrations(platform.ctx, "central")).rejects.toThrow(
      /002_users\.sql.*TNT-503/,
    );
    expect(await platform.rows("select to_regclass('central.more') as more")).toEqual([
      { more: null },
    ]);
  });
});

describe("a copied database", () => {
  it("is refused everywhere until it is adopted", async () => {
    const original = await preparePlatform(cluster, { areas: ["books", "central"] });
    await provisionTenant(original.ctx, spec("kept"));
    await provisionTenant(original.ctx, spec("strange"));
    await original.rows("comment on schema tenant_strange is 'mine'");
    await original.close();
    const copy = `${original.database}_copy`;
    const admin = await cluster.connect();
    await admin.query(
      `create database ${copy} template ${original.database} owner ${original.roles.owner}`,
    );
    await admin.end();
    const { host, port, user, password } = cluster;
    const pool = createPool({ host, port, user, password, database: copy });
    const ctx = { ...original.ctx, pool };
    for (const attempt of [
      () => readTenant(ctx, "kept"),
      () => provisionTenant(ctx, spec("new")),
      () => applyMigrations(ctx, "books"),
      () => migrateFleet(ctx),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: "TNT-405" });
    expect(await adoptDatabase(ctx)).toEqual({ tenants: ["kept"] });
    expect(await readTenant(ctx, "kept")).toMatchObject({ drift: { rights: [], objects: [] } });
    await expect(readTenant(ctx, "strange")).rejects.toMatchObject({ code: "TNT-406" });
    await expect(provisionTenant(ctx, spec("new"))).resolves.toMatchObject({ version: 3 });
    await pool.end();
  });
});
