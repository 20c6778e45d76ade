import { afterAll, beforeAll, expect, it } from "vitest";
import { applyMigrations } from "../../src/fleet/apply-migrations.ts";
import type { FleetContext } from "../../src/fleet/context.ts";
import { examineFleet } from "../../src/fleet/examine-fleet.ts";
import { listTenants } from "../../src/fleet/list-tenants.ts";
import { migrateFleet } from "../../src/fleet/migrate-fleet.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { readTenant } from "../../src/fleet/read-tenant.ts";
import { repairFleet } from "../../src/fleet/repair-fleet.ts";
import { removeTenant } from "../../src/fleet/remove-tenant.ts";
import { updateTenant } from "../../src/fleet/update-tenant.ts";
import { createPool } from "../../src/postgres/pool.ts";
import { sharedCluster } from "../support/cluster.ts";
import { preparePlatform, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

let platform: TestPlatform;
let ctx: FleetContext;
beforeAll(async () => {
  const cluster = await sharedCluster();
  platform = await preparePlatform(cluster, { areas: [] });
  const { database, roles, rows } = platform;
  const user = `${roles.owner}_admin`;
  const password = "test-admin-role-password";
  await rows(`create role ${user} login createrole password '${password}'`);
  await rows(`alter role ${user} set createrole_self_grant = 'set, inherit'`);
  await rows(`grant connect on database ${database} to ${user}`);
  await rows(`grant ${roles.owner} to ${user} with inherit false, set true`);
  await rows(`grant ${roles.user}_tenants to ${user} with admin true, inherit false, set false`);
  const { host, port } = cluster;
  ctx = { ...platform.ctx, pool: createPool({ host, port, user, password, database }) };
});
afterAll(async () => {
  await ctx.pool.end();
  await platform.close();
});

it("does a tenant's whole life as an administrator who is no superuser", async () => {
  for (const area of ["books", "central", "parametros", "shared"] as const)
    await applyMigrations(ctx, area);
  const strict = spec("modest", { isolation: "strict" });
  await provisionTenant(ctx, strict);
  expect((await readTenant(ctx, "modest"))?.drift).toEqual({ rights: [], objects: [] });
  await updateTenant(ctx, spec("modest"));
  await updateTenant(ctx, strict);
  expect((await readTenant(ctx, "modest"))?.drift).toEqual({ rights: [], objects: [] });
  expect(await migrateFleet(ctx)).toMatchObject({ failures: [] });
  expect((await examineFleet(ctx)).findings).toEqual([]);
  await platform.admin.query(
    "grant select on tenant_modest.payroll to public; grant select on central.users to public",
  );
  await ctx.pool.query(`grant tenant_modest to ${platform.roles.app}`);
  const { findings } = await examineFleet(ctx);
  expect(findings.map(({ code }) => code)).toEqual(["DOC-31", "DOC-31", "DOC-65"]);
  const { failures, diagnosis } = await repairFleet(ctx, findings);
  expect({ failures, left: diagnosis.findings }).toEqual({ failures: [], left: [] });
  await updateTenant(ctx, { ...strict, state: "retired" });
  await removeTenant(ctx, "modest");
  expect(await listTenants(ctx)).toEqual([]);
});
