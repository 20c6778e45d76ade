import { afterAll, beforeAll, expect, test } from "vitest";
import { checkClone } from "../../src/fleet/clone/check-clone.ts";
import { prepareMasking } from "../../src/fleet/clone/prepare-masking.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { withCopyClient } from "../../src/postgres/copy-client.ts";
import { sharedCluster } from "../support/cluster.ts";
import { projectMasking } from "../support/masking.ts";
import { preparePlatform, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

let platform: TestPlatform;
beforeAll(async () => {
  platform = await preparePlatform(await sharedCluster());
});
afterAll(() => platform.close());

test("config/masking.yaml has a rule that fits for every column of every table", async () => {
  const { ctx, rows } = platform;
  await provisionTenant(ctx, spec("acme"));
  await checkClone(ctx, { from: "acme", data: "masked", masking: projectMasking() });
  // It only looked.
  expect(await rows("select from pg_proc where proname ~ '^mask_'")).toEqual([]);
});

test("a masked RUT is a valid one, no person's, and no other's", async () => {
  const { ctx, rows } = platform;
  await withCopyClient(ctx.pool, async (client) => {
    await prepareMasking(client, ctx);
    const { rows: found } = await client.query<{ rut: string }>(
      "select pg_temp.mask_rut(n) as rut from generate_series(1, 2000) n",
    );
    const ruts = found.map(({ rut }) => rut);
    expect(new Set(ruts).size).toBe(2000);
    // As people check it: modulo 11, weights 2 to 7 from the right.
    for (const rut of ruts) {
      const [digits = "", check] = rut.split("-");
      const sum = Array.from(digits).reverse().reduce((all, digit, index) => all + Number(digit) * (2 + (index % 6)), 0);
      expect(check).toBe("0K987654321"[sum % 11]);
      expect(Number(digits)).toBeGreaterThan(50_000_000);
      expect(Number(digits)).toBeLessThan(100_000_000);
    }
    const numbers = await client.query(
      "select min(pg_temp.mask_number(n::text, 3))::int, max(pg_temp.mask_number(n::text, 3))::int from generate_series(1, 200) n",
    );
    expect(numbers.rows).toEqual([{ min: 0, max: 2 }]);
  });
  expect(await rows("select from pg_proc where proname = 'mask_rut'")).toEqual([]);
});
