import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { toMigrations } from "../../src/core/migration.ts";
import { applyMigrations } from "../../src/fleet/apply-migrations.ts";
import { examineFleet } from "../../src/fleet/examine-fleet.ts";
import { readTenant } from "../../src/fleet/read-tenant.ts";
import { sharedCluster } from "../support/cluster.ts";
import { preparePlatform, SQL_DIRECTORY } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

let platform: TestPlatform;
beforeAll(async () => {
  platform = await preparePlatform(await sharedCluster(), { areas: [] });
});
afterAll(() => platform.close());

it("books of the first form keep what is still true about tenants, and get the shared schemas' shapes", async () => {
  const { admin, ctx, roles, rows } = platform;
  const name = "001_books.sql";
  const sql = readFileSync(join(SQL_DIRECTORY, "books", name), "utf8");
  const [first] = toMigrations("books", new Map([[name, sql]]));
  await admin.query(`set role ${roles.owner}; ${sql}`);
  await admin.query(
    "insert into tenantry.migrations (area, number, name, checksum) values ('books', 1, $1, $2)",
    [name, first?.checksum],
  );
  for (const id of ["same", "bent"])
    await admin.query(
      `create schema tenant_${id}; create table tenant_${id}.notes (id integer default 1);
       insert into tenantry.registry (id, key, schema_name, schema_oid, company, state, isolation, stack)
       values ('${id}', '${id}', 'tenant_${id}', 'tenant_${id}'::regnamespace, 'X', 'active', 'shared', 's');
       insert into tenantry.shapes select md5(o::text), o from tenantry.schema_objects('tenant_${id}'::regnamespace) o
         on conflict do nothing;
       update tenantry.registry set fingerprint = (select fingerprint from tenantry.shapes) where id = '${id}'`,
    );
  await admin.query("drop table tenant_bent.notes; reset role");
  await expect(examineFleet(ctx)).rejects.toMatchObject({ code: "TNT-440" });
  await admin.query("comment on schema tenant_same is 'tenantry: tenant same of stack s'");
  await expect(readTenant({ ...ctx, stack: "s" }, "same")).rejects.toMatchObject({
    code: "TNT-440",
  });
  await admin.query("comment on schema tenant_same is null");
  const newer = readdirSync(join(SQL_DIRECTORY, "books")).map((_, index) => index + 1);
  expect(await applyMigrations(ctx, "books")).toEqual({
    version: newer.length,
    applied: newer.slice(1),
  });
  expect(
    await rows(
      "select r.id, s.objects from tenantry.registry r left join tenantry.shapes s using (fingerprint) order by id",
    ),
  ).toEqual([
    { id: "bent", objects: null },
    { id: "same", objects: ["column notes.id: integer default 1", "table notes"] },
  ]);
  for (const area of ["central", "parametros", "shared"] as const) await applyMigrations(ctx, area);
  expect((await examineFleet(ctx)).findings).toEqual([]);
});
