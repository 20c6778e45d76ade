import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { archiveTenant } from "../../src/fleet/archive/archive-tenant.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { readTenant } from "../../src/fleet/read-tenant.ts";
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

/** Ends every connection of the work some time after it began: as if the server, or the program, had died there. */
async function cutOff(milliseconds: number, work: () => Promise<unknown>): Promise<boolean> {
  const outcome = work().then(
    () => true,
    () => false,
  );
  await sleep(milliseconds);
  await platform.admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'tenantry'`,
  );
  const done = await outcome;
  // The pool learns of its idle connections' end a moment later.
  await sleep(100);
  return done;
}

/** From at once to after the end, on a fast machine and on a slow one. */
const MOMENTS = [0, 3, 6, 10, 15, 20, 30, 40, 60, 80, 120, 180, 300];

const topics = async (id: string): Promise<unknown> =>
  (
    await platform.rows(
      `select array_agg(topic order by topic) as topics from tenant_${id}.conversations`,
    )
  )[0]?.topics;

const proven = (id: string) =>
  platform.rows("select from tenantry.archives where tenant_key = $1 and verified_at is not null", [
    id,
  ]);

const noScratch = async (): Promise<void> => {
  expect(await platform.rows("select nspname from pg_namespace where nspname ~ 'proof'")).toEqual(
    [],
  );
  const files = readdirSync(platform.ctx.archives.place);
  expect(files.filter((name) => !name.endsWith(".tar.zst"))).toEqual([]);
};

test("a retirement that is cut off leaves the rows, never 'retired' without a proven archive, and is finished", async () => {
  const { ctx, admin, rows } = platform;
  await provisionTenant(ctx, spec("cut"));
  await admin.query("insert into tenant_cut.conversations (topic) values ('a'), ('b')");
  let interrupted = 0;
  for (const moment of MOMENTS) {
    await admin.query("delete from tenantry.archives");
    const done = await cutOff(moment, () => updateTenant(ctx, spec("cut", { state: "retired" })));
    if (!done) interrupted += 1;
    const [found] = await rows("select state from tenantry.registry where id = 'cut'");
    expect(await topics("cut")).toEqual(["a", "b"]);
    if (found?.state === "retired") expect(await proven("cut")).not.toEqual([]);
    await updateTenant(ctx, spec("cut", { state: "retired" }));
    expect(await proven("cut")).not.toEqual([]);
    await updateTenant(ctx, spec("cut"));
    expect(await rows("select count(*)::int from shared.conversations")).toEqual([{ count: 2 }]);
    expect(await readTenant(ctx, "cut")).toMatchObject({
      drift: { rights: [], objects: [] },
      missingPartitions: [],
    });
    await noScratch();
  }
  expect(interrupted).toBeGreaterThan(3);
}, 120_000);

test("a restore, a rename and a removal that are cut off have happened or not, and are finished", async () => {
  const { ctx, rows } = platform;
  const { location } = await archiveTenant(ctx, "cut");
  let interrupted = 0;
  const attempt = async (moment: number, work: () => Promise<unknown>): Promise<void> => {
    if (!(await cutOff(moment, work))) interrupted += 1;
    await work();
  };
  for (const moment of MOMENTS) {
    const restored = spec("first", { restore: location });
    await attempt(moment, () => provisionTenant(ctx, restored));
    expect(await topics("first")).toEqual(["a", "b"]);
    await attempt(moment / 4, () => renameTenant(ctx, "first", "second"));
    expect(await topics("second")).toEqual(["a", "b"]);
    expect(await rows("select id from central.tenants order by id")).toEqual([
      { id: "cut" },
      { id: "second" },
    ]);
    await updateTenant(ctx, spec("second", { state: "retired" }));
    await attempt(moment / 2, () => removeTenant(ctx, "second"));
    expect(await rows("select id from tenantry.registry")).toEqual([{ id: "cut" }]);
    expect(await rows("select nspname from pg_namespace where nspname ~ '^tenant_'")).toEqual([
      { nspname: "tenant_cut" },
    ]);
    await noScratch();
  }
  expect(interrupted).toBeGreaterThan(3);
}, 120_000);
