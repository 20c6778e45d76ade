import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { archiveLines } from "../../../src/cli/commands/archives.ts";
import { archiveFleet } from "../../../src/fleet/archive/archive-fleet.ts";
import { archiveTenant } from "../../../src/fleet/archive/archive-tenant.ts";
import { findArchives } from "../../../src/fleet/archive/find-archives.ts";
import { listArchives } from "../../../src/fleet/archive/list-archives.ts";
import { listTenants } from "../../../src/fleet/list-tenants.ts";
import { writeArchive } from "../../../src/fleet/archive/write-archive.ts";
import { examineFleet } from "../../../src/fleet/examine-fleet.ts";
import { provisionTenant } from "../../../src/fleet/provision-tenant.ts";
import { sharedCluster } from "../../support/cluster.ts";
import { preparePlatform, spec } from "../../support/platform.ts";
import type { TestPlatform } from "../../support/platform.ts";

let platform: TestPlatform;
const ids = ["a", "b", "c", "d"];
beforeAll(async () => {
  platform = await preparePlatform(await sharedCluster());
  for (const id of ids) await provisionTenant(platform.ctx, spec(id));
  const { admin, roles } = platform;
  await admin.query(`set role "${roles.owner}"; create table tenant_b.by_hand (); reset role`);
});
afterAll(() => platform.close());

const run = async (options: { prove: boolean; since?: Date }) => {
  const told: string[] = [];
  const result = await archiveFleet(platform.ctx, {
    ...options,
    onArchive: ({ id, proven }) => told.push(`${id} ${proven ? "proven" : ""}`.trim()),
    onFailure: ({ id, message }) => told.push(`${id} failed ${/TNT-\d+/.exec(message)?.[0] ?? ""}`),
  });
  return { ...result, told: told.sort() };
};

test("one that fails does not stop the others, and a second run goes on with what is left", async () => {
  const before = new Date();
  expect(await run({ prove: false })).toEqual({
    archived: 3,
    skipped: 0,
    failed: 1,
    told: ["a", "b failed TNT-704", "c", "d"],
  });
  await platform.admin.query("drop table tenant_b.by_hand");
  expect(await run({ prove: false, since: before })).toMatchObject({ skipped: 3, told: ["b"] });
  // None of these is proven.
  expect(await run({ prove: true, since: before })).toMatchObject({ archived: 4, skipped: 0 });
  expect(await run({ prove: true, since: before })).toMatchObject({ archived: 0, skipped: 4 });
  expect(await run({ prove: true, since: new Date(Date.now() + 1000) })).toMatchObject({
    archived: 4,
  });
});

test("a table that somebody holds fails its own tenant, and the list waits for nobody", async () => {
  const { admin, ctx } = platform;
  const before = (await listTenants(ctx)).find(({ id }) => id === "c");
  await admin.query("begin; lock table tenant_c.payroll in access exclusive mode");
  expect((await listTenants(ctx)).map(({ id }) => id)).toEqual(ids);
  const messages: string[] = [];
  const result = await archiveFleet(ctx, {
    prove: false,
    onArchive: ({ id }) => messages.push(id),
    onFailure: ({ id, message }) => messages.push(`${id}: ${message}`),
  });
  await admin.query("rollback");
  expect(result).toEqual({ archived: 3, skipped: 0, failed: 1 });
  expect(messages.sort()).toEqual(["a", "b", expect.stringMatching(/^c: .*lock timeout/s), "d"]);
  expect((await listTenants(ctx)).find(({ id }) => id === "c")).toEqual(before);
});

test("a list without the view that tells sizes says what to do", async () => {
  const { admin, ctx } = platform;
  await admin.query("alter view tenantry.monitor_relations rename to elsewhere");
  await expect(listTenants(ctx)).rejects.toMatchObject({ code: "TNT-440" });
  await admin.query("alter view tenantry.elsewhere rename to monitor_relations");
});

test("an archive that a clock dated into the future keeps nobody from being archived today", async () => {
  const before = new Date(Date.now() - 60_000);
  const later = "update tenantry.archives set created_at = created_at + interval '1 year'";
  await platform.admin.query(`${later} where tenant_id = 'a'`);
  expect(await run({ prove: false, since: before })).toMatchObject({ skipped: 3, told: ["a"] });
  expect(await run({ prove: false, since: before })).toMatchObject({ skipped: 4, told: [] });
});

test("archives are a table, the newest first", async () => {
  const archives = await listArchives(platform.ctx);
  expect(archives).toHaveLength(16);
  const { createdAt } = archives[0]!;
  const locations = archives.map(({ location }) => location);
  const present = new Set(locations.filter((location) => location.includes("/a-")));
  const later = new Date(createdAt.getTime() + 7_300_000);
  const found = { booked: archives, unbooked: [] };
  const lines = archiveLines(found, later, present).map(({ text }) => text);
  expect(lines[0]).toMatch(/^ID +VERSION +SIZE +AGE +PROVEN +FORMAT +FILE$/);
  expect(lines.find((text) => text.startsWith("a "))).toMatch(
    /^a +3 +\d+ bytes +2 h +no +tenantry +\/\S+$/,
  );
  expect(lines.find((text) => text.startsWith("d "))).toMatch(/tar.zst \(not on this machine\)$/);
});

test("an archive that a killed program did not note is told, kept, and can be restored", async () => {
  const { ctx } = platform;
  // All but the entry in the books.
  const { location } = await writeArchive(ctx, "b");
  const written = await findArchives(ctx);
  expect(written.booked).toHaveLength(13);
  expect(written.unbooked).toEqual([{ id: "b", location, createdAt: expect.any(Date) as Date }]);
  expect(Math.abs(written.unbooked[0]!.createdAt.getTime() - Date.now())).toBeLessThan(600_000);
  const lines = archiveLines(written, new Date(), new Set()).map(({ text }) => text);
  expect(lines.at(-1)).toMatch(/^b +\d+ min +no +tenantry +\/\S+\.tar\.zst \(in no book\)$/);
  // What is no archive is nobody's business.
  writeFileSync(join(ctx.archives.place, "notes.txt"), "");

  const next = await archiveTenant(ctx, "b");
  expect(next.location).not.toBe(location);
  expect((await findArchives(ctx)).unbooked).toEqual(written.unbooked);
  const { findings } = await examineFleet(ctx);
  expect(findings.filter(({ code }) => code === "DOC-16")).toMatchObject([{ subject: location }]);
  await provisionTenant(ctx, spec("b_again", { restore: location }));
  expect(existsSync(location)).toBe(true);
});
