import { afterAll, beforeAll, expect, test } from "vitest";
import { applyMigrations } from "../../src/fleet/apply-migrations.ts";
import { archiveTenant } from "../../src/fleet/archive/archive-tenant.ts";
import { maintainTenant } from "../../src/fleet/maintenance/maintain-tenant.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { readAuditLog } from "../../src/fleet/read-audit-log.ts";
import { removeTenant } from "../../src/fleet/remove-tenant.ts";
import { renameTenant } from "../../src/fleet/rename-tenant.ts";
import { updateTenant } from "../../src/fleet/update-tenant.ts";
import { sharedCluster } from "../support/cluster.ts";
import { preparePlatform, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

let platform: TestPlatform;
beforeAll(async () => {
  platform = await preparePlatform(await sharedCluster());
});
afterAll(() => platform.close());

test("each step of a tenant's life is in the log, under its run", async () => {
  const ctx = { ...platform.ctx, runId: "run-1" };
  await provisionTenant(ctx, spec("first"));
  await updateTenant(ctx, spec("first", { state: "suspended" }));
  await updateTenant(ctx, spec("first"));
  await renameTenant(ctx, "first", "second");
  await archiveTenant(ctx, "second");
  await maintainTenant(ctx, "second", { does: "analyze" });
  await updateTenant(ctx, spec("second", { state: "retired" }));
  await removeTenant(ctx, "second");
  const all = await readAuditLog(ctx, { limit: 100 });
  const lived = all.filter(({ tenant }) => tenant !== null).toReversed();
  expect(lived.map(({ action, tenant, run }) => `${action} ${tenant ?? ""} ${run ?? ""}`)).toEqual([
    "tenant.created first run-1",
    "tenant.updated first run-1",
    "tenant.updated first run-1",
    "tenant.renamed second run-1",
    "tenant.archived second run-1",
    "tenant.archive_proven second run-1",
    "tenant.analyzed second run-1",
    "tenant.updated second run-1",
    "tenant.archived second run-1",
    "tenant.archive_proven second run-1",
    "tenant.updated second run-1",
    "tenant.removed second run-1",
  ]);
  expect(lived[1]).toMatchObject({ before: { state: "active" }, after: { state: "suspended" } });
  expect(lived.every(({ actor }) => actor === "postgres")).toBe(true);
});

test("the log is asked by tenant, time, action and number", async () => {
  const { ctx } = platform;
  const ask = async (filter: Parameters<typeof readAuditLog>[1]) =>
    (await readAuditLog(ctx, filter)).map(({ action }) => action);
  expect(await ask({ tenant: "first", limit: 100 })).toHaveLength(3);
  expect(await ask({ tenant: "second", action: "tenant.archived", limit: 100 })).toHaveLength(2);
  expect(await ask({ tenant: "second", limit: 1 })).toEqual(["tenant.removed"]);
  expect(await ask({ since: new Date(Date.now() + 60_000), limit: 100 })).toEqual([]);
  expect(await ask({ tenant: "' or true --", limit: 100 })).toEqual([]);
});

test("migrations of the shared schemas are in the log, from the one that makes it", async () => {
  const rows = await readAuditLog(platform.ctx, { action: "platform.migrated", limit: 100 });
  expect(rows.toReversed().map(({ before, after }) => ({ before, after }))).toMatchObject([
    { before: { area: "central", version: 0 }, after: { area: "central" } },
    { after: { area: "parametros" } },
    { after: { area: "shared" } },
  ]);
  await applyMigrations(platform.ctx, "shared");
  expect(
    await readAuditLog(platform.ctx, { action: "platform.migrated", limit: 100 }),
  ).toHaveLength(3);
});

test("how a role logs in is in the log, once, whatever applications add to it", async () => {
  const { ctx, roles } = platform;
  const apply = (runId: string, generation: number) =>
    applyMigrations({ ...ctx, runId }, "central", {
      rotations: { [roles.app]: { generation, overlap: false } },
    });
  const logged = async () =>
    (await readAuditLog(ctx, { limit: 100 }))
      .filter(({ action }) => action.startsWith("login."))
      .toReversed();
  // The database is older than these records.
  await apply("taken over", 2);
  await apply("again", 2);
  const app = await platform.as(roles.app);
  await app.query(
    `insert into central.audit_log (action, after) values ('login.rotated', '{"role": "x", "generation": 3}')`,
  );
  await apply("rotated", 3);
  await apply("killed before the state was written", 3);
  const record = { role: roles.app, login: roles.app, overlap: false };
  expect(await logged()).toMatchObject([
    { action: "login.recorded", run: "taken over", before: null, after: { generation: 2 } },
    { action: "login.rotated", actor: roles.app },
    {
      action: "login.rotated",
      actor: "postgres",
      tenant: null,
      run: "rotated",
      before: { ...record, generation: 2 },
      after: { ...record, generation: 3 },
    },
  ]);
  // What fails is not told.
  const once = { generation: 1, overlap: false };
  const rotations = { [roles.app]: { ...once, generation: 4 }, "no\0role": once };
  await expect(applyMigrations(ctx, "central", { rotations })).rejects.toMatchObject({
    code: "TNT-506",
  });
  expect(await logged()).toHaveLength(3);
});
