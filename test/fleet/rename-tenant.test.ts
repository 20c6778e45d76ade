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

test.each(["shared", "strict"] as const)(
  "a %s tenant gets another name, and keeps key, rows, users, rights and history",
  async (isolation) => {
    const { ctx, admin, rows } = platform;
    const [from, to] = [`old_${isolation}`, `new_${isolation}`].map(
      (id) => `${id}_${platform.database.slice(-6)}`,
    ) as [string, string];
    await provisionTenant(ctx, spec(from, { isolation }));
    await admin.query(`
      insert into tenant_${from}.conversations (topic) values ('kept');
      insert into central.users (tenant_id, email, full_name) values ('${from}', 'ana@x.cl', 'Ana')`);
    const ledger = () =>
      rows("select number, applied_at from tenantry.ledger where tenant_key = $1", [from]);
    const before = await ledger();
    await archiveTenant(ctx, from, { prove: false });

    await renameTenant(ctx, from, to);
    await updateTenant(ctx, spec(to, { isolation }));
    // Again, there is nothing to do.
    await renameTenant(ctx, from, to);

    expect(await readTenant(ctx, from)).toBeUndefined();
    expect(await readTenant(ctx, to)).toMatchObject({
      key: from,
      schema: `tenant_${to}`,
      version: 3,
      drift: { rights: [], objects: [] },
      missingPartitions: [],
    });
    expect(await ledger()).toEqual(before);
    expect(
      await rows("select topic from shared.conversations where tenant_id = $1", [from]),
    ).toEqual([{ topic: "kept" }]);
    expect(
      await rows("select id, schema_name, active from central.tenants where id ~ $1", [isolation]),
    ).toEqual([{ id: to, schema_name: `tenant_${to}`, active: true }]);
    expect(
      await rows(
        "select tenant_id from central.users where email = 'ana@x.cl' and tenant_id in ($1, $2)",
        [from, to],
      ),
    ).toEqual([{ tenant_id: to }]);
    expect(
      await rows("select tenant_id, tenant_key from tenantry.tombstones where tenant_key = $1", [
        from,
      ]),
    ).toEqual([{ tenant_id: from, tenant_key: from }]);
    expect(
      await rows("select rolname from pg_roles where rolname in ($1, $2)", [
        `tenant_${from}`,
        `tenant_${to}`,
      ]),
    ).toEqual(isolation === "strict" ? [{ rolname: `tenant_${to}` }] : []);

    // The old id is still the key of these rows.
    await expect(provisionTenant(ctx, spec(from))).rejects.toThrow(/is the key .*TNT-423/);
    // Retired and removed under the new one.
    await updateTenant(ctx, spec(to, { isolation, state: "retired" }));
    await removeTenant(ctx, to);
    expect(await readTenant(ctx, to)).toBeUndefined();
    await provisionTenant(ctx, spec(from));
  },
);

test("what cannot be renamed is refused, and stays", async () => {
  const { ctx, admin } = platform;
  await provisionTenant(ctx, spec("one"));
  await provisionTenant(ctx, spec("two"));
  await expect(renameTenant(ctx, "nobody", "three")).rejects.toThrow(/TNT-424/);
  await expect(renameTenant(ctx, "one", "two")).rejects.toThrow(/TNT-425/);
  await admin.query("create schema tenant_theirs");
  await expect(renameTenant(ctx, "one", "theirs")).rejects.toThrow(/TNT-406/);
  await admin.query("create role tenant_taken_name");
  await expect(renameTenant(ctx, "one", "taken_name")).rejects.toThrow(/TNT-414/);
  await admin.query("drop role tenant_taken_name");
  for (const id of ["one", "two"])
    expect((await readTenant(ctx, id))?.drift).toEqual({ rights: [], objects: [] });
});

test("two renames at once, and a rename beside an update, leave one of both outcomes", async () => {
  const { ctx, rows } = platform;
  await provisionTenant(ctx, spec("racing"));
  const outcomes = await Promise.allSettled([
    renameTenant(ctx, "racing", "raced_a"),
    renameTenant(ctx, "racing", "raced_b"),
    updateTenant(ctx, spec("racing", { company: "Other" })),
  ]);
  expect(outcomes.slice(0, 2).filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const found = await rows("select id, schema_name from tenantry.registry where key = 'racing'");
  expect(found).toEqual([
    {
      id: expect.stringMatching(/^raced_[ab]$/) as string,
      schema_name: expect.stringMatching(/^tenant_raced_[ab]$/) as string,
    },
  ]);
});
