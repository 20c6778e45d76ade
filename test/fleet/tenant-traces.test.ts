import { afterAll, beforeAll, expect, test } from "vitest";
import { explainTenant } from "../../src/core/explain/explain-tenant.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { removeTenant } from "../../src/fleet/remove-tenant.ts";
import { renameTenant } from "../../src/fleet/rename-tenant.ts";
import { tenantTraces } from "../../src/fleet/tenant-traces.ts";
import { sharedCluster } from "../support/cluster.ts";
import { preparePlatform, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

let platform: TestPlatform;
beforeAll(async () => {
  platform = await preparePlatform(await sharedCluster(), { disposable: true });
  const { ctx } = platform;
  for (const id of ["here", "old", "away"]) await provisionTenant(ctx, spec(id));
  await provisionTenant(ctx, spec("off", { state: "suspended" }));
  await renameTenant(ctx, "old", "middle");
  await renameTenant(ctx, "middle", "young");
  await removeTenant(ctx, "away");
  await platform.admin.query("create schema tenant_foreign");
});
afterAll(() => platform.close());

test.each([
  ["here", /^is active at migration \d+, and its schema is there$/],
  ["off", /^is suspended/],
  ["old", /^is called young/],
  ["middle", /^is called young/],
  ["away", /^was removed on \d{4}-\d\d-\d\d \d\d:\d\d UTC$/],
  ["foreign", /DOC-11/],
  ["heer", /Did you mean here/],
])("%s %s", async (id, state) => {
  const traces = await tenantTraces(platform.ctx, id);
  expect(explainTenant(id, traces, []).state).toMatch(state);
});
