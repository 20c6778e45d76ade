import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { scratchDirectory, sharedCluster } from "../support/cluster.ts";
import { loginVariables, preparePlatform, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";
import { checkout } from "../support/project.ts";

let platform: TestPlatform;
let application: string;
beforeAll(async () => {
  platform = await preparePlatform(await sharedCluster());
  await provisionTenant(platform.ctx, spec("empresa_123"));
  application = scratchDirectory("application");
  mkdirSync(join(application, "node_modules"));
  symlinkSync(checkout, join(application, "node_modules", "tenantry"));
  writeFileSync(join(application, "package.json"), '{ "type": "module" }');
});
afterAll(() => platform.close());

/** The first example below a heading of docs/runtime.md. */
function example(heading: string): string {
  const page = readFileSync(join(checkout, "docs", "runtime.md"), "utf8");
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`));
  const [, code] = /```ts\n([^]*?)```/.exec(section ?? "") ?? [];
  if (code === undefined) throw new Error(`docs/runtime.md has no example below ${heading}`);
  return code;
}

test.each(["Use", "Partitions", "OpenTelemetry"])(
  "the example of %s runs as it is written",
  (heading) => {
    writeFileSync(join(application, "example.ts"), example(heading));
    const { status, stderr } = spawnSync(process.execPath, ["example.ts"], {
      cwd: application,
      encoding: "utf8",
      env: loginVariables(platform.login(platform.roles.user)),
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  },
);

test("it did what it says", async () => {
  expect(
    await platform.rows("select topic from tenant_empresa_123.conversations order by topic"),
  ).toEqual([{ topic: "a partition" }, { topic: "holiday" }, { topic: "noted" }]);
});
