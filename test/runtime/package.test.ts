import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, expect, test } from "vitest";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { offline, packPackage } from "../support/packed.ts";
import { scratchDirectory, sharedCluster } from "../support/cluster.ts";
import type { TestCluster } from "../support/cluster.ts";
import { loginVariables, preparePlatform, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";
import { checkout } from "../support/project.ts";

const OLDEST = "/usr/bin/node";
const isNode20 =
  existsSync(OLDEST) &&
  spawnSync(OLDEST, ["--version"], { encoding: "utf8" }).stdout.startsWith("v20.");
if (!isNode20)
  process.stderr.write(`The built package is not tried on Node 20: ${OLDEST} is none\n`);

/** Uses every entry, as an application in JavaScript does. */
const APPLICATION = `
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import pg from "pg";
import { openPartitions } from "tenantry/admin";
import { createTenantPool, currentPartition, tenantGuard } from "tenantry/runtime";
import { tenantDrizzle } from "tenantry/runtime/drizzle";
import { tenantGuard as guardExpress } from "tenantry/runtime/express";
import { tenantGuard as guardFastify } from "tenantry/runtime/fastify";
import { tenantGuard as guardHono } from "tenantry/runtime/hono";
import { tenantKysely } from "tenantry/runtime/kysely";
import { observeScopes } from "tenantry/runtime/opentelemetry";

const { tenant, owner, partitionKey, stack } = JSON.parse(process.argv[2]);
const forget = observeScopes();
const pool = createTenantPool();
await pool.check();
const topics = await pool.withTenant(tenant, async (tx) => {
  await tx.query("insert into conversations (topic) values ($1)", ["hello"]);
  const kysely = await tenantKysely(tx).selectFrom("conversations").select("topic").execute();
  const { rows } = await tenantDrizzle(tx).execute("select topic from conversations");
  return [...kysely, ...rows].map(({ topic }) => topic);
});
const refusal = await pool.tenantQuery("nobody", "select 1").catch(({ code }) => code);

const options = { standing: pool.standing };
const guard = tenantGuard(options);
const inExpress = express()
  .use(guardExpress(options))
  .get("/", (_, response) => void response.send(currentPartition()));
const inFastify = fastify();
inFastify.addHook("onRequest", guardFastify(options));
inFastify.get("/", () => Promise.resolve(currentPartition()));
await inFastify.ready();
const inHono = new Hono();
inHono.use(guardHono(options));
inHono.get("/", (context) => context.text(currentPartition()));
const applications = {
  node: (request, response) => guard(request, response, () => response.end(currentPartition())),
  express: inExpress,
  fastify: (request, response) => inFastify.routing(request, response),
  hono: getRequestListener(inHono.fetch),
};
const guarded = {};
for (const [name, application] of Object.entries(applications)) {
  const server = createServer(application);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const ask = async (headers) => {
    const answer = await fetch("http://127.0.0.1:" + server.address().port, { headers });
    return [answer.status, answer.ok ? await answer.text() : (await answer.json()).detail];
  };
  guarded[name] = [await ask({ "X-Tenant-ID": tenant }), await ask({})];
  server.closeAllConnections();
  server.close();
}
await inFastify.close();

const jobs = new pg.Pool(JSON.parse(process.argv[3]));
const partitions = openPartitions({ pool: jobs, owner, partitionKey, stack });
const created = await partitions.create(tenant);
const there = await partitions.exists(tenant);
const orphans = (await partitions.audit()).map(({ rows }) => rows);
const { left } = await partitions.cleanup();
const listed = (await partitions.list()).map(({ id }) => id);
await jobs.end();
await pool.end();
forget();
console.log(JSON.stringify({
  topics, refusal, guarded, partitions: { created: created.created, there, orphans, left, listed },
}));
`;

/** The same in TypeScript, as far as types go; what must not compile is marked. */
const TYPES = `
import { createServer } from "node:http";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import type { Generated } from "kysely";
import pg from "pg";
import { openPartitions } from "tenantry/admin";
import type { PartitionEvents } from "tenantry/admin";
import { createTenantPool, requestTenant, tenantGuard, tenantQuery, TenantryError } from "tenantry/runtime";
import type { ScopeTransaction, TenantryEvents, TenantStanding } from "tenantry/runtime";
import { tenantDrizzle } from "tenantry/runtime/drizzle";
import { tenantGuard as guardExpress } from "tenantry/runtime/express";
import { tenantGuard as guardFastify } from "tenantry/runtime/fastify";
import { tenantGuard as guardHono } from "tenantry/runtime/hono";
import { tenantKysely } from "tenantry/runtime/kysely";
import { observeScopes } from "tenantry/runtime/opentelemetry";

interface Tables { conversations: { id: Generated<string>; topic: string } }

const pool = createTenantPool({ isolation: "strict" });
// @ts-expect-error: no such isolation
createTenantPool({ isolation: "none" });
export const topics: Promise<{ topic: string }[]> = pool.withTenant("a", (tx: ScopeTransaction) =>
  tenantKysely<Tables>(tx).selectFrom("conversations").select("topic").execute(),
);
// @ts-expect-error: no such column
void pool.withTenant("a", (tx) => tenantKysely<Tables>(tx).selectFrom("conversations").select("topics").execute());
export const rows = pool.withTenant("a", (tx) => tenantDrizzle(tx).execute<{ topic: string }>("select topic from conversations"));
export const count: Promise<pg.QueryResult<{ count: number }>> = tenantQuery<{ count: number }>("select 1 as count");
export const standing: Promise<TenantStanding | undefined> = pool.standing("a");

const options = { standing: pool.standing, mayActFor: (_: unknown, id: string) => id === "a" };
express().use(guardExpress(options));
fastify().addHook("onRequest", guardFastify(options));
new Hono().use(guardHono(options));
const guard = tenantGuard(options);
// @ts-expect-error: a look-up is needed
tenantGuard({});
createServer((request, response) => {
  guard(request, response, () => response.end(requestTenant().id));
});
export const isOurs = (error: unknown): boolean => error instanceof TenantryError && error.code === "TNT-803";
// @ts-expect-error: no such code
export const isNone = (error: TenantryError): boolean => error.code === "TNT-000";

const partitions = openPartitions({ pool: new pg.Pool(), owner: "o", partitionKey: "tenant_id", stack: "s" });
export const orphans: Promise<number[]> = partitions.audit().then((tables) => tables.map(({ rows }) => rows));
// @ts-expect-error: the owner is needed
openPartitions({ pool: new pg.Pool(), partitionKey: "tenant_id", stack: "s" });
export const moved = (event: PartitionEvents["tenantry:partition.populate"]): number => event.count;
export const spent = (event: TenantryEvents["tenantry:tenant.scope"]): number => event.duration;
observeScopes({ tenantId: true })();
`;

let cluster: TestCluster;
let platform: TestPlatform;
let application: string;
beforeAll(async () => {
  cluster = await sharedCluster();
  platform = await preparePlatform(cluster);
  await provisionTenant(platform.ctx, spec("packed"));
  application = scratchDirectory("application");
  writeFileSync(join(application, "package.json"), '{ "type": "module" }');
  execFileSync("npm", ["install", packPackage()], {
    cwd: application,
    env: { ...process.env, ...offline() },
  });
  for (const name of [
    ...["pg", "kysely", "drizzle-orm", "@opentelemetry/api"],
    ...["express", "fastify", "hono", "@hono/node-server"],
    ...["@types/node", "@types/pg", "@types/express"],
  ]) {
    const link = join(application, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(checkout, "node_modules", name), link);
  }
  writeFileSync(join(application, "application.mjs"), APPLICATION);
  writeFileSync(join(application, "types.ts"), TYPES);
}, 300_000);
afterAll(() => platform.close());

const NODES: [string, string][] = [
  ["the project's Node", process.execPath],
  ...(isNode20 ? [["Node 20", OLDEST] as [string, string]] : []),
];

test.each(NODES)("each entry of the installed package works on %s", (_, node) => {
  const { stack, partitionKey, roles } = platform.ctx;
  const { host, port, user, password } = cluster;
  const { stdout, stderr } = spawnSync(
    node,
    [
      "application.mjs",
      JSON.stringify({ tenant: "packed", owner: roles.owner, partitionKey, stack }),
      JSON.stringify({ host, port, user, password, database: platform.database }),
    ],
    {
      cwd: application,
      encoding: "utf8",
      env: loginVariables(platform.login(platform.roles.user)),
    },
  );
  expect(stderr).toBe("");
  const guarded = [
    [200, "packed"],
    [400, "The request does not name a tenant."],
  ];
  const { topics, ...rest } = JSON.parse(stdout) as { topics: string[] };
  expect(new Set(topics)).toEqual(new Set(["hello"]));
  expect(rest).toEqual({
    refusal: "TNT-803",
    guarded: { node: guarded, express: guarded, fastify: guarded, hono: guarded },
    partitions: { created: [], there: true, orphans: [0, 0], left: [], listed: ["packed"] },
  });
});

test("its types are found and are not loose, for an application of nodenext", () => {
  const program = ts.createProgram([join(application, "types.ts")], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    types: ["node"],
    typeRoots: [join(application, "node_modules", "@types")],
    ...{ strict: true, exactOptionalPropertyTypes: true, noEmit: true },
  });
  // Those of other libraries have mistakes of their own.
  const sources = program
    .getSourceFiles()
    .filter(({ fileName }) => /\/types\.ts$|\/node_modules\/tenantry\//.test(fileName));
  expect(sources.map(({ fileName }) => basename(fileName))).toContain("tenant-pool.d.ts");
  const found = sources.flatMap((source) => program.getSemanticDiagnostics(source));
  expect(
    found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
  ).toEqual([]);
});

test("its only peer that is not optional is pg, and each entry and query is there", () => {
  const packed = join(application, "node_modules", "tenantry");
  const manifest = JSON.parse(readFileSync(join(packed, "package.json"), "utf8")) as {
    exports: Record<string, string | { types: string; default: string }>;
    peerDependencies: Record<string, string>;
    peerDependenciesMeta: Record<string, unknown>;
    dependencies?: unknown;
  };
  const project = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as {
    exports: object;
  };
  expect(manifest.dependencies).toBeUndefined();
  expect(
    Object.keys(manifest.peerDependencies).filter(
      (peer) => !(peer in manifest.peerDependenciesMeta),
    ),
  ).toEqual(["pg"]);
  expect(Object.keys(manifest.exports)).toEqual(Object.keys(project.exports));
  const entries = Object.values(manifest.exports).filter((entry) => typeof entry === "object");
  for (const file of entries.flatMap((entry) => Object.values(entry)))
    expect(existsSync(join(packed, file))).toBe(true);
  const queries = globSync("lib/**/*.js", { cwd: packed })
    .flatMap((file) => [
      ...readFileSync(join(packed, file), "utf8").matchAll(/fleetQuery\("([^"]+)"/g),
    ])
    .map(([, query]) => query ?? "");
  expect(queries).toContain("partitions/list");
  expect(queries.filter((query) => !existsSync(join(packed, "sql", `${query}.sql`)))).toEqual([]);
});
