import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { archiveTenant } from "../../../src/fleet/archive/archive-tenant.ts";
import type { TenantArchive } from "../../../src/fleet/archive/archive-tenant.ts";
import { provisionTenant } from "../../../src/fleet/provision-tenant.ts";
import { readTenant } from "../../../src/fleet/read-tenant.ts";
import { removeTenant } from "../../../src/fleet/remove-tenant.ts";
import { updateTenant } from "../../../src/fleet/update-tenant.ts";
import { sharedCluster } from "../../support/cluster.ts";
import { copySqlDirectory, preparePlatform, spec } from "../../support/platform.ts";
import type { TestPlatform } from "../../support/platform.ts";

let source: TestPlatform;
let archive: TenantArchive;
beforeAll(async () => {
  source = await preparePlatform(await sharedCluster());
  await provisionTenant(source.ctx, spec("acme"));
  await source.admin.query(`
    set search_path = tenant_acme;
    insert into employees (rut, names, surnames) values ('12345678-5', 'Ana', 'Rojas'), ('11111111-1', 'Eva', 'Soto');
    insert into contracts (employee_id, kind, position, fecha_inicio, base_salary) values (1, 'indefinido', 'x', '2024-01-01', 1);
    insert into conversations (topic) values ('one'), ('two');
    insert into central.users (tenant_id, email, full_name) values ('acme', 'ana@acme.cl', 'Ana');
    delete from employees where id = 2;
    reset search_path`);
  archive = await archiveTenant(source.ctx, "acme");
});
afterAll(() => source.close());

const restored = (id: string, more = {}) => spec(id, { restore: archive.location, ...more });

/** The rows of a tenant, less what says whose they are. */
const contents = async ({ rows }: TestPlatform, id: string) => ({
  employees: await rows(`select * from tenant_${id}.employees order by id`),
  contracts: await rows(`select * from tenant_${id}.contracts order by id`),
  conversations: await rows(
    `select id, topic, created_at from tenant_${id}.conversations order by topic`,
  ),
  shared: await rows(
    "select id, topic from shared.conversations where tenant_id = $1 order by topic",
    [id],
  ),
  users: await rows(
    "select email, full_name, active, created_at from central.users where tenant_id = $1",
    [id],
  ),
});

test("under another id, with the same rows, its own key, and its numbers going on", async () => {
  const { ctx, admin, rows, roles } = source;
  await provisionTenant(ctx, restored("copy"));
  const [original, copy] = [await contents(source, "acme"), await contents(source, "copy")];
  expect(copy).toEqual(original);
  expect(copy.employees).toHaveLength(1);
  expect(copy.shared).toHaveLength(2);
  expect(await rows("select distinct tenant_id from tenant_copy.conversations")).toEqual([
    { tenant_id: "copy" },
  ]);
  expect(await readTenant(ctx, "copy")).toMatchObject({
    key: "copy",
    version: 3,
    spec: { state: "active" },
    drift: { rights: [], objects: [] },
    missingPartitions: [],
  });
  const keys = (id: string) =>
    rows(
      `select conname, pg_get_constraintdef(oid) as definition from pg_constraint
       where connamespace = $1::regnamespace and contype = 'f' order by 1`,
      [`tenant_${id}`],
    );
  const defined = async (id: string) =>
    JSON.stringify(await keys(id)).replaceAll(`tenant_${id}`, "tenant_x");
  expect(await defined("copy")).toBe(await defined("acme"));
  const user = await source.as(roles.user);
  await user.query("set search_path = tenant_copy");
  const added = await user.query(
    "insert into employees (rut, names, surnames) values ('22222222-2', 'x', 'y') returning id",
  );
  expect(added.rows).toEqual([{ id: "3" }]);
  await admin.query("insert into shared.conversations (tenant_id, topic) values ('copy', 'three')");
  expect(await rows("select count(*)::int from tenant_copy.conversations")).toEqual([{ count: 3 }]);
  // It is there: what it began with means nothing any more.
  await provisionTenant(ctx, restored("copy", { company: "Renamed" }));
  expect(await rows("select count(*)::int from tenant_copy.employees")).toEqual([{ count: 2 }]);
});

test("after its removal, under its own id, strict", async () => {
  const { ctx } = source;
  const id = `back_${source.database.slice(-6)}`;
  await provisionTenant(ctx, restored(id, { isolation: "strict" }));
  const before = await contents(source, id);
  await updateTenant(ctx, spec(id, { state: "retired", isolation: "strict" }));
  await removeTenant(ctx, id);
  const [kept] = await source.rows(
    "select location from tenantry.archives where tenant_id = $1 and verified_at is not null",
    [id],
  );
  await provisionTenant(ctx, spec(id, { isolation: "strict", restore: String(kept?.location) }));
  expect(await contents(source, id)).toEqual(before);
  expect((await readTenant(ctx, id))?.drift).toEqual({ rights: [], objects: [] });
});

test("in another database, at its migration and then forward; not where the migrations end before", async () => {
  const sqlDirectory = copySqlDirectory();
  writeFileSync(
    join(sqlDirectory, "tenant", "004_more.sql"),
    "alter table employees add column nickname text not null default 'none';\n",
  );
  const other = await preparePlatform(await sharedCluster(), { sqlDirectory });
  try {
    await provisionTenant(other.ctx, restored("acme"));
    expect(await readTenant(other.ctx, "acme")).toMatchObject({ version: 4 });
    expect(await other.rows("select names, nickname from tenant_acme.employees")).toEqual([
      { names: "Ana", nickname: "none" },
    ]);
    await provisionTenant(other.ctx, restored("pinned", { pin: 3 }));
    expect(await readTenant(other.ctx, "pinned")).toMatchObject({ version: 3 });
    await expect(provisionTenant(other.ctx, restored("early", { pin: 2 }))).rejects.toThrow(
      /TNT-710/,
    );
    const { location } = await archiveTenant(other.ctx, "acme");
    await expect(provisionTenant(source.ctx, spec("later", { restore: location }))).rejects.toThrow(
      /is at migration 4; sql\/tenant ends with 3.*TNT-706/,
    );
    expect(await readTenant(source.ctx, "later")).toBeUndefined();
  } finally {
    await other.close();
  }
});

test("from a damaged archive nothing is made", async () => {
  const { ctx, rows } = source;
  const bytes = readFileSync(archive.location);
  const flipped = Buffer.from(bytes);
  flipped[bytes.length >> 1]! ^= 1;
  for (const [name, content] of [
    ["cut", bytes.subarray(0, bytes.length - 50)],
    ["half", bytes.subarray(0, bytes.length >> 1)],
    ["flipped", flipped],
  ] as const) {
    const path = join(ctx.archives.place, `${name}.tar.zst`);
    writeFileSync(path, content);
    const work = provisionTenant(ctx, spec("damaged", { restore: path }));
    await expect(work, name).rejects.toThrow(/TNT-70[15]/);
    expect(await rows("select from pg_namespace where nspname = 'tenant_damaged'")).toEqual([]);
    expect(await rows("select from tenantry.registry where id = 'damaged'")).toEqual([]);
  }
});

test("a failure leaves nothing", async () => {
  const { ctx, rows } = source;
  const none = { ...restored("nothing"), restore: "/nowhere/x.tar.zst" };
  await expect(provisionTenant(ctx, none)).rejects.toThrow(/TNT-703/);
  expect(await rows("select from pg_namespace where nspname = 'tenant_nothing'")).toEqual([]);
  expect(await readTenant(ctx, "nothing")).toBeUndefined();
});
