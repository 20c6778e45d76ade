import { afterAll, beforeAll, expect, test } from "vitest";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { createTenantPool } from "../../src/runtime/index.ts";
import { sharedCluster } from "../support/cluster.ts";
import { preparePlatform, spec } from "../support/platform.ts";
import type { Login, TestPlatform } from "../support/platform.ts";

let platform: TestPlatform;
let strict: string;
beforeAll(async () => {
  platform = await preparePlatform(await sharedCluster());
  strict = `check_${platform.database.slice(-6)}`;
  await provisionTenant(platform.ctx, spec("plain"));
  await provisionTenant(platform.ctx, spec(strict, { isolation: "strict" }));
});
afterAll(() => platform.close());

async function check(login: Login, isolation: "shared" | "strict" = "shared"): Promise<string> {
  const pool = createTenantPool({ ...login, isolation });
  try {
    await pool.check();
    return "fine";
  } catch (error) {
    return (error as Error).message;
  } finally {
    await pool.end();
  }
}

test("the application's role is fine, in both isolations", async () => {
  const login = platform.login(platform.roles.user);
  expect(await check(login)).toBe("fine");
  expect(await check(login, "strict")).toBe("fine");
});

test("a superuser and a role without the function are not", async () => {
  const { user, password } = await sharedCluster();
  expect(await check({ ...platform.login(user), password })).toMatch(/is a superuser.*TNT-814/s);
  expect(await check(platform.login(platform.roles.app))).toMatch(/TNT-815/);
});

test("each right and setting that passes by a scope is named, and all at once", async () => {
  const { user, owner } = platform.roles;
  const { admin, database } = platform;
  const damage = [
    [
      `alter role ${user} in database ${database} set search_path = tenant_plain`,
      "search_path is tenant_plain",
    ],
    [`grant create on schema public to ${user}`, "may create in schema public"],
    [`grant temporary on database ${database} to ${user}`, "may make temporary tables"],
    [`alter role ${user} bypassrls`, "bypasses row level security"],
    [`grant usage on schema tenant_${strict} to ${user}`, `may use tenant_${strict} without`],
    [`grant ${owner} to ${user}`, "owns tenant_"],
  ] as const;
  for (const [sql] of damage) await admin.query(sql);
  const message = await check(platform.login(user), "strict");
  for (const [, part] of damage) expect(message).toContain(part);
});
