import { afterAll, beforeAll, expect, test } from "vitest";
import { analyzeAfter } from "../../src/fleet/analyze-catalog.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { sharedCluster } from "../support/cluster.ts";
import { preparePlatform, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

let platform: TestPlatform;

beforeAll(async () => {
  platform = await preparePlatform(await sharedCluster());
});
afterAll(() => platform.close());

const estimates = async (): Promise<number> =>
  Number(
    (await platform.rows("select reltuples::int as n from pg_class where relname = 'registry'"))[0]
      ?.n,
  );

test("catalogs are analyzed after some hundreds of new tenants, not after each", async () => {
  await provisionTenant(platform.ctx, spec("one"));
  await provisionTenant(platform.ctx, spec("two"));
  // A tenant that is there already is no new one.
  await provisionTenant(platform.ctx, spec("two"));
  expect(await estimates()).toBe(-1);
  const analyzed: number[] = [];
  for (let count = 3; count <= 500; count += 1)
    if (await analyzeAfter(platform.ctx)) analyzed.push(count);
  expect(analyzed).toEqual([250, 500]);
  expect(await estimates()).toBe(2);
});
