import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Properties } from "../../src/protocol/values.ts";
import { migrationChecksums } from "../../src/fleet/migration-checksums.ts";
import { sharedCluster } from "../support/cluster.ts";
import type { TestCluster } from "../support/cluster.ts";
import { preparePlatform, spec, SQL_DIRECTORY } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";
import { TenantryPlugin } from "../support/tenantry-plugin.ts";

let cluster: TestCluster;
let platform: TestPlatform;
let plugin: TenantryPlugin;

const newest = Object.keys(migrationChecksums(SQL_DIRECTORY, "tenant")).length;

const tenant = (id: string, more: Parameters<typeof spec>[1] = {}): Properties => ({
  spec: { ...spec(id, more) },
});

const start = (more: Properties = {}) => TenantryPlugin.on(cluster, platform, more);

const one = async (query: string, values: unknown[] = []): Promise<unknown> => {
  const { rows } = await platform.admin.query<Record<string, unknown>>(query, values);
  return Object.values(rows[0] ?? {})[0];
};
const schemaExists = (id: string): Promise<unknown> =>
  one("select count(*)::int from pg_namespace where nspname = $1", [`tenant_${id}`]);

beforeAll(async () => {
  cluster = await sharedCluster();
  platform = await preparePlatform(cluster);
  plugin = await start();
});
afterAll(async () => {
  await plugin.stop();
  await platform.close();
});

test("check tells every problem of a spec at once", async () => {
  const it = plugin.resource("Tenant");
  expect(
    await it.check({ spec: { id: "Acme", state: "gone", isolation: "shared", pin: 0 } }),
  ).toEqual([
    "spec.company: spec.company has to be a text; it is nothing.",
    'spec.state: spec.state has to be one of active, suspended, retired; it is "gone".',
    "spec.pin: spec.pin has to be a whole number from 1 to 1000000; it is 0.",
    expect.stringMatching(/^spec\.id: The tenant id "Acme" must begin with .*: write acme\.$/),
  ]);
  expect(await it.check({})).toEqual(["spec: spec has to be a map; it is nothing."]);
  expect(await it.check(tenant("acme"))).toEqual([]);
  it.state = { id: "acme", inputs: tenant("acme"), outputs: {} };
  expect(await it.check(tenant("other"))).toEqual([
    expect.stringContaining('The tenant "acme" cannot become "other": its data would be lost.'),
  ]);
});

test("a preview makes no connection", async () => {
  const offline = await start({ port: 1 });
  const it = offline.resource("Tenant");
  expect(await it.preview(tenant("offline"))).toEqual({
    ...tenant("offline"),
    schema: "tenant_offline",
    key: "offline",
    version: newest,
  });
  expect(await it.preview(tenant("offline", { pin: 1 }))).toMatchObject({ version: 1 });
  await expect(it.preview(tenant("offline", { pin: 99 }))).rejects.toThrow(/TNT-410/);
  await expect(it.apply(tenant("offline"))).rejects.toThrow(/TNT-401/);
  await offline.stop();
});

test("created, changed, drifted, put right", async () => {
  const it = plugin.resource("Tenant");
  const inputs = tenant("acme", { company: "Acme SpA" });
  const preview = await it.preview(inputs);
  expect(await schemaExists("acme")).toBe(0);
  expect(await it.apply(inputs)).toEqual(preview);
  expect(await one("select count(*)::int from tenant_acme.employees")).toBe(0);
  expect((await it.diff(inputs)).changes).toBe("none");
  expect((await it.refresh())?.outputs).toEqual(preview);

  const renamed = tenant("acme", { company: "Acme Ltda." });
  expect(await it.diff(renamed)).toMatchObject({
    changes: "some",
    replaces: [],
    detailed: { "spec.company": "UPDATE" },
  });
  await it.preview(renamed);
  expect(await one("select company from tenantry.registry where id = 'acme'")).toBe("Acme SpA");
  await it.apply(renamed);
  expect(await one("select company from tenantry.registry where id = 'acme'")).toBe("Acme Ltda.");

  const { user } = platform.roles;
  await platform.admin.query(`revoke usage on schema tenant_acme from ${user}`);
  expect((await it.refresh())?.outputs.drift).toEqual([
    expect.stringContaining(`missing right: usage on schema to ${user}`),
  ]);
  expect((await it.diff(renamed)).detailed).toEqual({ drift: "DELETE of outputs" });
  expect((await it.apply(renamed)).drift).toBeUndefined();
  expect(await one(`select has_schema_privilege($1, 'tenant_acme', 'usage')`, [user])).toBe(true);

  await platform.admin.query("update tenantry.registry set company = 'Edited' where id = 'acme'");
  await it.refresh();
  expect((await it.diff(renamed)).detailed).toEqual({ "spec.company": "UPDATE" });
});

test("objects that differ are told, and left to a person", async () => {
  const it = plugin.resource("Tenant");
  const inputs = tenant("altered");
  await it.apply(inputs);
  await platform.admin.query("alter table tenant_altered.payroll add column note text");
  const found = ["undeclared object: column payroll.note: text"];
  expect((await it.refresh())?.outputs).toMatchObject({ objects: found });
  expect((await it.diff(inputs)).changes).toBe("none");
  const renamed = tenant("altered", { company: "Another" });
  expect(await it.apply(renamed)).toMatchObject({ objects: found });
  await platform.admin.query("alter table tenant_altered.payroll drop column note");
  expect((await it.refresh())?.outputs.objects).toBeUndefined();
});

test("a tenant whose schema is gone is gone, and is made again", async () => {
  const it = plugin.resource("Tenant");
  await it.apply(tenant("lost"));
  await platform.admin.query("drop schema tenant_lost cascade");
  expect(await it.refresh()).toBeUndefined();
  await it.apply(tenant("lost"));
  expect(await schemaExists("lost")).toBe(1);
});

test("a schema without our mark is never taken over", async () => {
  await platform.admin.query("create schema tenant_foreign; create table tenant_foreign.t (x int)");
  await expect(plugin.resource("Tenant").apply(tenant("foreign"))).rejects.toThrow(/TNT-406/);
  expect(await one("select count(*)::int from tenant_foreign.t")).toBe(0);

  await plugin.resource("Tenant").apply(tenant("ours"));
  const stranger = await start({ stack: "tenantry/other" });
  await expect(stranger.resource("Tenant").apply(tenant("ours"))).rejects.toThrow(/TNT-407/);
  await stranger.stop();
});

test("what a lost state knew is taken over by its mark, rows and all", async () => {
  const first = await plugin.resource("Tenant").apply(tenant("adopted"));
  await platform.admin.query(
    `create table tenant_adopted.kept (x int); alter table tenant_adopted.kept owner to ${platform.roles.owner}`,
  );
  expect(await plugin.resource("Tenant").apply(tenant("adopted"))).toEqual(first);
  expect(await one("select count(*)::int from tenant_adopted.kept")).toBe(0);
});

test("only a retired tenant without rows can be removed", async () => {
  const it = plugin.resource("Tenant");
  await it.apply(tenant("leaving"));
  await expect(it.remove()).rejects.toThrow(/TNT-411/);
  await it.apply(tenant("leaving", { state: "retired" }));
  await it.remove();
  expect(await schemaExists("leaving")).toBe(0);
  it.state = { id: "leaving", inputs: tenant("leaving"), outputs: {} };
  await it.remove();
});

test("a preview of a clone tells what it can know", async () => {
  const session = await start();
  const clone = (id: string, from: string, data: "full" | "masked" = "full"): Properties =>
    tenant(id, {
      clone: { from, data, ...(data === "masked" && { masking: { tenant: {}, central: {} } }) },
    });
  await plugin.resource("Tenant").apply(tenant("origin"));
  const it = session.resource("Tenant");
  expect(await it.preview(clone("cloned", "origin"))).toMatchObject({ schema: "tenant_cloned" });
  await expect(it.preview(clone("cloned", "nobody"))).rejects.toThrow(/TNT-426/);
  await expect(it.preview(clone("cloned", "origin", "masked"))).rejects.toThrow(
    /employees\.rut has no rule.*TNT-428/,
  );
  expect(await schemaExists("cloned")).toBe(0);
  // Made in the same run: it is there when its turn comes.
  await session.resource("Tenant").check(tenant("coming"));
  await it.preview(clone("cloned", "coming"));
  await session.resource("Tenant").check(tenant("leaving_now", { state: "retired" }));
  await expect(it.preview(clone("cloned", "leaving_now"))).rejects.toThrow(/TNT-427/);
  await session.stop();
  const offline = await start({ port: 1 });
  await offline.resource("Tenant").preview(clone("cloned", "origin"));
  await offline.stop();
});

test("what a tenant was cloned from means nothing later, and cannot become another", async () => {
  const it = plugin.resource("Tenant");
  await plugin.resource("Tenant").apply(tenant("first"));
  const clone = { from: "first", data: "full" } as const;
  await it.apply(tenant("second", { clone, retention: 5 }));
  expect(await it.check(tenant("second", { clone }))).toEqual([]);
  expect(await it.check(tenant("second"))).toEqual([]);
  expect(await it.check(tenant("second", { clone: { ...clone, data: "masked" } }))).toEqual([
    expect.stringMatching(
      /"second" began as a clone of "first" with the data "full"; a tenant is cloned only when it is made/,
    ),
  ]);
  expect((await it.diff(tenant("second", { retention: 5 }))).changes).toBe("none");
  expect((await it.refresh())?.inputs).toEqual(tenant("second", { clone, retention: 5 }));
  const plain = plugin.resource("Tenant");
  await plain.apply(tenant("plain"));
  expect(await plain.check(tenant("plain", { clone }))).toEqual([
    expect.stringMatching(/"plain" is there already, and its line did not say clone/),
  ]);
});

test("retention is the tenant's own, or the stack's", async () => {
  const strict = await start({ retention: 30 });
  const it = strict.resource("Tenant");
  await it.apply(tenant("waits", { state: "retired" }));
  await expect(it.remove()).rejects.toThrow(/30 days.*TNT-432/);
  await it.apply(tenant("waits", { state: "retired", retention: 0 }));
  await it.remove();
  expect(await schemaExists("waits")).toBe(0);
  await strict.stop();
});

test("two at once make one tenant", async () => {
  const rival = await start();
  const all = [plugin, rival, plugin, rival].map((one) => one.resource("Tenant"));
  const outputs = await Promise.all(all.map((it) => it.apply(tenant("twice"))));
  expect(new Set(outputs.map((output) => JSON.stringify(output))).size).toBe(1);
  await rival.stop();
});

test("a plugin killed while it creates leaves all of a tenant or nothing", async () => {
  for (const delay of [5, 15, 30, 60]) {
    const id = `killed_${delay}`;
    const victim = await start();
    const doomed = victim.resource("Tenant").apply(tenant(id));
    doomed.catch(() => undefined);
    await sleep(delay);
    victim.process.process.kill("SIGKILL");
    await victim.process.exited;
    victim.engine.close();
    const outputs = await plugin.resource("Tenant").apply(tenant(id));
    expect(outputs).toMatchObject({ schema: `tenant_${id}`, version: newest });
    expect(await one("select count(*)::int from tenantry.registry where id = $1", [id])).toBe(1);
  }
});

test("a plugin killed while it clones leaves nothing, and the next one begins again", async () => {
  const { admin, rows } = platform;
  await plugin.resource("Tenant").apply(tenant("model"));
  await admin.query("insert into tenant_model.conversations (topic) values ('a')");
  const inputs = tenant("half", { clone: { from: "model", data: "full" } });
  // The copy stops before its last tables.
  await admin.query("begin; lock table tenant_model.messages in access exclusive mode");
  const victim = await start();
  const doomed = victim.resource("Tenant").apply(inputs);
  doomed.catch(() => undefined);
  const waiting =
    "select from pg_locks where relation = 'tenant_model.messages'::regclass and not granted";
  while ((await rows(waiting)).length === 0) await sleep(5);
  victim.process.process.kill("SIGKILL");
  await victim.process.exited;
  victim.engine.close();
  expect(await schemaExists("half")).toBe(0);
  await admin.query("commit");
  expect(await plugin.resource("Tenant").apply(inputs)).toMatchObject({ schema: "tenant_half" });
  expect(await one("select count(*)::int from shared.conversations where tenant_id = 'half'")).toBe(
    1,
  );
  expect(
    await one(
      "select count(*)::int from central.audit_log where tenant_id = 'half' and action = 'tenant.cloned'",
    ),
  ).toBe(1);
});

test("a disposable stack's tenants can be removed with their rows", async () => {
  const careless = await start({ disposable: true });
  const it = careless.resource("Tenant");
  await it.apply(tenant("gone"));
  await it.remove();
  expect(await schemaExists("gone")).toBe(0);
  await careless.stop();
});

test("the administrator's password is in no log", () => {
  expect(readFileSync(cluster.logFile, "utf8")).not.toContain(cluster.password);
  expect(plugin.process.stderr).toBe("");
});
