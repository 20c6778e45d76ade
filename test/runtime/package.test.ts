import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { scratchDirectory, sharedCluster } from "../support/cluster.ts";
import { loginVariables, preparePlatform, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";
import { checkout } from "../support/project.ts";

const OLDEST = "/usr/bin/node";
const isNode20 =
  existsSync(OLDEST) &&
  spawnSync(OLDEST, ["--version"], { encoding: "utf8" }).stdout.startsWith("v20.");
if (!isNode20)
  process.stderr.write(`The built package is not tried on Node 20: ${OLDEST} is none\n`);

let platform: TestPlatform;
let application: string;
beforeAll(async () => {
  platform = await preparePlatform(await sharedCluster());
  await provisionTenant(platform.ctx, spec("packed"));
  application = scratchDirectory("application");
  const modules = join(application, "node_modules");
  mkdirSync(modules);
  execFileSync(process.execPath, [
    join(checkout, "bin", "build-runtime.ts"),
    join(modules, "tenantry"),
  ]);
  for (const peer of ["pg", "kysely", "drizzle-orm"])
    symlinkSync(join(checkout, "node_modules", peer), join(modules, peer));
  writeFileSync(
    join(application, "application.mjs"),
    `import { createTenantPool } from "tenantry/runtime";
import { tenantKysely } from "tenantry/runtime/kysely";
import { tenantDrizzle } from "tenantry/runtime/drizzle";
const pool = createTenantPool();
const count = await pool.withTenant("packed", async (tx) => {
  await tx.query("insert into conversations (topic) values ($1)", ["hello"]);
  const [row] = await tenantKysely(tx).selectFrom("conversations").select("topic").execute();
  const { rows } = await tenantDrizzle(tx).execute("select count(*)::int as count from conversations");
  return [row.topic, rows[0].count];
});
const refusal = await pool.tenantQuery("nobody", "select 1").catch((error) => error.code);
console.log(JSON.stringify({ count, refusal }));
await pool.end();
`,
  );
});
afterAll(() => platform.close());

const NODES: [string, string][] = [
  ["the project's Node", process.execPath],
  ...(isNode20 ? [["Node 20", OLDEST] as [string, string]] : []),
];

test.each(NODES)("the built package serves a tenant on %s", (_, node) => {
  const { stdout, stderr } = spawnSync(node, ["application.mjs"], {
    cwd: application,
    encoding: "utf8",
    env: loginVariables(platform.login(platform.roles.user)),
  });
  expect(stderr).toBe("");
  const { count, refusal } = JSON.parse(stdout) as { count: [string, number]; refusal: string };
  expect(count[0]).toBe("hello");
  expect(count[1]).toBeGreaterThan(0);
  expect(refusal).toBe("TNT-803");
});

test("its only peer that is not optional is pg, and it names types for each entry", () => {
  const manifest = JSON.parse(
    readFileSync(join(application, "node_modules", "tenantry", "package.json"), "utf8"),
  ) as {
    exports: Record<string, string | { types: string; default: string }>;
    peerDependencies: Record<string, string>;
    peerDependenciesMeta: Record<string, unknown>;
    dependencies?: unknown;
  };
  expect(manifest.dependencies).toBeUndefined();
  expect(
    Object.keys(manifest.peerDependencies).filter(
      (peer) => !(peer in manifest.peerDependenciesMeta),
    ),
  ).toEqual(["pg"]);
  const entries = Object.values(manifest.exports).filter((entry) => typeof entry === "object");
  expect(entries).toHaveLength(7);
  for (const file of entries.flatMap((entry) => Object.values(entry)))
    expect(existsSync(join(application, "node_modules", "tenantry", file))).toBe(true);
});
