import { afterAll, beforeAll, expect, test } from "vitest";
import { SHARDS, shardOf, toShards } from "../../src/core/shard.ts";
import type { DeclaredTenant } from "../../src/core/tenant.ts";
import { migrationChecksums } from "../../src/fleet/migration-checksums.ts";
import { readPartialFailure } from "../../src/protocol/partial-failure.ts";
import type { Properties } from "../../src/protocol/values.ts";
import { sharedCluster } from "../support/cluster.ts";
import type { TestCluster } from "../support/cluster.ts";
import { preparePlatform, spec, SQL_DIRECTORY } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";
import { TenantryPlugin } from "../support/tenantry-plugin.ts";
import type { TestResource } from "../support/tenantry-plugin.ts";

let cluster: TestCluster;
let platform: TestPlatform;
let plugin: TenantryPlugin;

const newest = Object.keys(migrationChecksums(SQL_DIRECTORY, "tenant")).length;

const start = (more: Properties = {}) => TenantryPlugin.on(cluster, platform, more);

/** Ids of one shard, which no other test takes: a word of the test's own, and numbers. */
function idsOf(word: string, count: number, shard = shardOf(word)): string[] {
  const ids: string[] = [];
  for (let number = 0; ids.length < count; number += 1)
    if (shardOf(`${word}_${number}`) === shard) ids.push(`${word}_${number}`);
  return ids;
}

/** The inputs of the shard that a tenant belongs to, where these are all tenants of the stack. */
const shardWith = (id: string, tenants: readonly DeclaredTenant[]): Properties => ({
  ...toShards(tenants)[shardOf(id)],
});

const one = async (query: string, values: unknown[] = []): Promise<unknown> => {
  const { rows } = await platform.admin.query<Record<string, unknown>>(query, values);
  return Object.values(rows[0] ?? {})[0];
};
const registry = (id: string) =>
  platform.rows("select company, state, managed_by from tenantry.registry where id = $1", [id]);
const recorded = (it: TestResource): Record<string, Properties> =>
  it.outputs.tenants as Record<string, Properties>;

/** Brings about what fails in part, and keeps what was done as an engine does. @returns the reasons */
async function failing(it: TestResource, inputs: Properties): Promise<readonly string[]> {
  const error = await it.apply(inputs).catch((error: unknown) => error);
  const failure = readPartialFailure(error);
  if (failure === undefined) throw error;
  const { id, outputs, reasons } = failure;
  it.state = { id, inputs, outputs };
  return reasons;
}

beforeAll(async () => {
  cluster = await sharedCluster();
  platform = await preparePlatform(cluster);
  plugin = await start();
});
afterAll(async () => {
  await plugin.stop();
  await platform.close();
});

test("check tells every problem of a shard at once", async () => {
  const it = plugin.resource("TenantShard");
  const tenants = {
    Acme: { company: "x", state: "gone", isolation: "shared" },
    acme: { company: "", state: "active", isolation: "shared" },
  };
  expect(await it.check({ number: SHARDS, tenants })).toEqual([
    "number: number has to be a whole number from 0 to 127; it is 128.",
    'tenants.Acme.state: tenants.Acme.state has to be one of active, suspended, retired; it is "gone".',
    'tenants.acme.company: tenants.acme.company has to be a text; it is "".',
    expect.stringMatching(/^tenants\.Acme: The tenant id "Acme" must begin with/),
    `tenants.acme: The tenant id "acme" belongs to shard ${shardOf("acme")}, not to this one.`,
  ]);
  expect(await it.check(shardWith("acme", [spec("acme")]))).toEqual([]);
});

test("tenants of an empty shard are made, changed, drifted and put right", async () => {
  const it = plugin.resource("TenantShard");
  const [a = "", b = "", c = ""] = idsOf("life", 3);
  await it.apply(shardWith(a, []));
  expect(recorded(it)).toEqual({});
  const two = shardWith(a, [spec(a), spec(b)]);
  expect((await it.diff(two)).detailed).toEqual({
    [`tenants.${a}`]: "ADD of outputs",
    [`tenants.${b}`]: "ADD of outputs",
  });
  const preview = await it.preview(two);
  expect(await registry(a)).toEqual([]);
  expect(await it.apply(two)).toEqual(preview);
  expect(recorded(it)[a]).toEqual({
    company: `Company ${a}`,
    state: "active",
    isolation: "shared",
    version: newest,
  });
  expect(await registry(a)).toEqual([
    { company: `Company ${a}`, state: "active", managed_by: "shard" },
  ]);
  expect((await it.diff(two)).changes).toBe("none");
  expect((await it.refresh())?.outputs).toEqual(preview);

  const changed = shardWith(a, [spec(a, { state: "suspended" }), spec(b), spec(c)]);
  expect((await it.diff(changed)).detailed).toEqual({
    [`tenants.${a}.state`]: "UPDATE of outputs",
    [`tenants.${c}`]: "ADD of outputs",
  });
  await it.apply(changed);
  expect(await one("select state from tenantry.registry where id = $1", [a])).toBe("suspended");
  expect(await registry(c)).toHaveLength(1);

  const { user } = platform.roles;
  await platform.admin.query(`revoke usage on schema tenant_${b} from ${user}`);
  await platform.admin.query(`alter table tenant_${c}.payroll add column note text`);
  await platform.admin.query("update tenantry.registry set company = 'Edited' where id = $1", [a]);
  await it.refresh();
  expect(recorded(it)[b]?.drift).toEqual([expect.stringContaining(`usage on schema to ${user}`)]);
  expect(recorded(it)[c]?.objects).toEqual(["undeclared object: column payroll.note: text"]);
  expect((await it.diff(changed)).detailed).toEqual({
    [`tenants.${a}.company`]: "UPDATE of outputs",
    [`tenants.${b}.drift`]: "DELETE of outputs",
  });
  await it.apply(changed);
  expect((await it.diff(changed)).changes).toBe("none");
  expect(await one("select has_schema_privilege($1, $2, 'usage')", [user, `tenant_${b}`])).toBe(
    true,
  );
  expect(recorded(it)[c]?.objects).toHaveLength(1);
});

test("one tenant that fails leaves the others done, and the next run does the rest", async () => {
  const it = plugin.resource("TenantShard");
  const ids = idsOf("partial", 5);
  const [a = "", b = "", c = ""] = ids;
  for (const id of [b, c]) await platform.admin.query(`create schema tenant_${id}`);
  const inputs = shardWith(
    a,
    ids.map((id) => spec(id)),
  );
  expect((await failing(it, inputs)).toSorted()).toEqual([
    expect.stringMatching(new RegExp(`^tenant ${b}: .*TNT-406`)),
    expect.stringMatching(new RegExp(`^tenant ${c}: .*TNT-406`)),
  ]);
  expect(Object.keys(recorded(it)).sort()).toEqual(ids.filter((id) => id !== b && id !== c).sort());
  expect(Object.keys((await it.diff(inputs)).detailed)).toEqual([`tenants.${b}`, `tenants.${c}`]);
  for (const id of [b, c]) await platform.admin.query(`drop schema tenant_${id}`);
  await it.apply(inputs);
  expect((await it.diff(inputs)).changes).toBe("none");
  expect(await one("select count(*)::int from tenantry.registry where id = any($1)", [ids])).toBe(
    5,
  );
});

test("no tenant leaves its shard unretired, in a preview already", async () => {
  const it = plugin.resource("TenantShard");
  const [a = "", b = ""] = idsOf("leaving", 2);
  await it.apply(shardWith(a, [spec(a), spec(b)]));
  const without = shardWith(a, [spec(b, { company: "Other" })]);
  await expect(it.preview(without)).rejects.toThrow(new RegExp(`^.*${a} is no longer.*TNT-462`));
  await expect(it.apply(without)).rejects.toThrow(/TNT-462/);
  expect(await registry(b)).toMatchObject([{ company: `Company ${b}` }]);
  await it.apply(shardWith(a, [spec(a, { state: "retired" }), spec(b)]));
  expect(
    await one("select verified_at is not null from tenantry.archives where tenant_id = $1", [a]),
  ).toBe(true);
  expect((await it.diff(shardWith(a, [spec(b)]))).detailed).toEqual({
    [`tenants.${a}`]: "DELETE of outputs",
  });
  await it.apply(shardWith(a, [spec(b)]));
  expect(await registry(a)).toEqual([]);
  expect(await one("select count(*)::int from tenantry.tombstones where tenant_id = $1", [a])).toBe(
    1,
  );
  await expect(it.remove()).rejects.toThrow(new RegExp(`tenant ${b}: .*TNT-411.*TNT-463`, "s"));
  expect(await registry(b)).toHaveLength(1);
});

test("a retirement that fails keeps its tenant from being removed", async () => {
  const it = plugin.resource("TenantShard");
  const [a = "", b = ""] = idsOf("unproven", 2);
  await it.apply(shardWith(a, [spec(a), spec(b)]));
  await platform.admin.query(`create table tenant_${a}.mine (x int)`);
  const retired = shardWith(a, [spec(a, { state: "retired" }), spec(b)]);
  expect(await failing(it, retired)).toEqual([expect.stringContaining(`tenant ${a}: `)]);
  await expect(it.preview(shardWith(a, [spec(b)]))).rejects.toThrow(/TNT-462/);
});

test("another id moves a tenant to another shard, whichever of the two comes first", async () => {
  for (const order of ["giver", "taker"]) {
    const [from = ""] = idsOf(`old_${order}`, 1);
    const to = `new_${order}`;
    expect(shardOf(from)).not.toBe(shardOf(to));
    const before = [spec(from)];
    const after = [{ ...spec(to, { company: "Renamed" }), renamedFrom: from }];
    const giver = plugin.resource("TenantShard", "giver");
    const taker = plugin.resource("TenantShard", "taker");
    await giver.apply(shardWith(from, before));
    await taker.apply(shardWith(to, before));
    await platform.admin.query(`insert into tenant_${from}.conversations (topic) values ('kept')`);
    const steps = [
      async () => giver.apply(shardWith(from, after)),
      async () => taker.apply(shardWith(to, after)),
    ];
    for (const step of order === "giver" ? steps : steps.toReversed()) await step();
    expect(recorded(giver)).toEqual({});
    expect(recorded(taker)[to]).toMatchObject({ company: "Renamed", key: from });
    expect(await one(`select topic from tenant_${to}.conversations`)).toBe("kept");
    const settled = [spec(to, { company: "Renamed" })];
    expect((await giver.diff(shardWith(from, settled))).changes).toBe("none");
    expect((await taker.diff(shardWith(to, settled))).changes).toBe("none");
  }
});

test("another id within the shard keeps the tenant's record", async () => {
  const it = plugin.resource("TenantShard");
  const [from = "", to = ""] = idsOf("within", 2);
  await it.apply(shardWith(from, [spec(from, { company: "Same" })]));
  await it.apply(shardWith(from, [{ ...spec(to, { company: "Same" }), renamedFrom: from }]));
  expect(recorded(it)).toEqual({
    [to]: expect.objectContaining({ company: "Same", key: from }) as unknown,
  });
  expect(await registry(to)).toHaveLength(1);
  expect(await registry(from)).toEqual([]);
});

test("a clone's source is as declared before it is copied, in whatever shard it is", async () => {
  const [source = ""] = idsOf("source", 1);
  const clone = { from: source, data: "full" } as const;
  const tenants = [spec(source), spec("copy", { clone }), spec("second", { clone })];
  expect(shardOf("copy")).not.toBe(shardOf(source));
  const session = await start();
  const it = session.resource("TenantShard");
  expect(await it.check(shardWith("copy", tenants))).toEqual([]);
  await it.preview(shardWith("copy", tenants));
  await it.apply(shardWith("copy", tenants));
  expect(Object.keys(recorded(it))).toEqual(["copy"]);
  expect(await registry(source)).toMatchObject([{ managed_by: "shard" }]);
  const other = spec("copy", { clone: { ...clone, data: "none" } });
  await expect(it.preview(shardWith("copy", [spec(source), other]))).rejects.toThrow(
    /cloned only when it is made/,
  );
  await session.stop();
});

test("what another resource declares is left to it", async () => {
  const [a = "", b = ""] = idsOf("moving", 2);
  const single = (id: string, more = {}): Properties => ({ spec: { ...spec(id, more) } });
  const [first, second] = [plugin.resource("Tenant", a), plugin.resource("Tenant", b)];
  await first.apply(single(a));
  await second.apply(single(b, { state: "retired" }));
  await platform.admin.query(`insert into tenant_${a}.conversations (topic) values ('kept')`);
  const shard = plugin.resource("TenantShard");
  const inputs = shardWith(a, [spec(a), spec(b, { state: "retired" })]);
  await shard.apply(inputs);
  expect(await registry(b)).toMatchObject([{ managed_by: "shard", state: "retired" }]);
  await first.remove();
  await second.remove();
  expect(await one(`select topic from tenant_${a}.conversations`)).toBe("kept");
  expect(await registry(b)).toHaveLength(1);

  // And back; the run that forgets is another one than the run that took over.
  const back = plugin.resource("Tenant", a);
  await back.apply(single(a));
  const cut = await start();
  await cut.resource("Tenant", b).check(single(b, { state: "retired" }));
  const same = cut.resource("TenantShard", "it", shard.state);
  await same.remove();
  await cut.stop();
  expect(await registry(a)).toMatchObject([{ managed_by: "stack" }]);
  expect(await registry(b)).toMatchObject([{ managed_by: "stack", state: "retired" }]);
  expect(await one(`select topic from tenant_${a}.conversations`)).toBe("kept");
});

test("a server that does not answer is asked once", async () => {
  const offline = await start({ port: 1 });
  const ids = idsOf("offline", 30);
  const it = offline.resource("TenantShard");
  await it.preview(
    shardWith(
      ids[0] ?? "",
      ids.map((id) => spec(id)),
    ),
  );
  const reasons = await failing(
    it,
    shardWith(
      ids[0] ?? "",
      ids.map((id) => spec(id)),
    ),
  );
  expect(reasons.length).toBeLessThan(6);
  expect(reasons[0]).toContain("TNT-401");
  expect(reasons.at(-1)).toMatch(/^\d+ more tenants were left as before$/);
  await offline.stop();
});

test("a disposable stack's shard goes with its tenants", async () => {
  const careless = await start({ disposable: true });
  const it = careless.resource("TenantShard");
  const [a = ""] = idsOf("careless", 1);
  await it.apply(shardWith(a, [spec(a)]));
  await it.remove();
  expect(await registry(a)).toEqual([]);
  await careless.stop();
});
