import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { freshClone } from "./fresh-clone.ts";
import type { Ran } from "./fresh-clone.ts";
import { ENGINES, environmentOn, whyNotOn } from "./on-engine.ts";

test.for(ENGINES)(
  "a tenant is cloned, retired, removed, restored and renamed, by lines of its file, on the engine %s",
  { timeout: 600_000 },
  async (engine, ctx) => {
    const missing = whyNotOn(engine);
    if (missing !== undefined) return ctx.skip(missing);
    const clone = await freshClone();
    const { root, edit } = clone;
    const run = (...args: string[]): Ran =>
      clone.run("node", ["bin/tenantry.js", ...args], environmentOn(engine, clone));
    const up = (): string => {
      const { code, stdout, stderr } = run("up", "--yes", "--engine", engine);
      expect(code, stdout + stderr).toBe(0);
      const again = run("preview", "--expect-no-changes", "--engine", engine);
      expect(again.code, again.stdout + again.stderr).toBe(0);
      return stdout;
    };
    // A stack that keeps its data.
    edit("tenantry:disposable: true", "tenantry:disposable: false");
    up();
    const client = await clone.administrator();
    onTestFinished(async () => {
      await client.end();
      edit("tenantry:disposable: false", "tenantry:disposable: true");
      run("up", "--yes", "--engine", engine);
      run("destroy", "--yes", "--engine", engine);
    });
    const topics = async (schema: string): Promise<unknown> =>
      (
        await client.query(
          `select array_agg(topic order by topic) as topics from ${schema}.conversations`,
        )
      ).rows[0];
    await client.query("insert into tenant_empresa_789.conversations (topic) values ('a'), ('b')");

    // A copy of it for a demonstration, which has nothing of its texts.
    run("add", "empresa_demo", "--clone-from", "empresa_789", "--data", "masked");
    expect(up()).toMatch(/\+ tenant empresa_demo .*cloned\s+from empresa_789,\s+masked/);
    const masked = [expect.stringMatching(/^Tema [0-9a-f]{16}$/) as unknown];
    expect(await topics("tenant_empresa_demo")).toEqual({ topics: [...masked, ...masked] });
    edit("data: masked", "data: full");
    const other = run("preview", "--engine", engine);
    expect(other.stdout + other.stderr).toMatch(/cloned\s+only\s+when\s+it\s+is\s+made/);
    edit("data: full", "data: masked");

    // Not off the list before it is retired.
    edit("    - empresa_789\n", "");
    expect(run("preview", "--engine", engine).stderr).toContain("TNT-605");
    edit(
      "Comercial 456 Ltda. }\n",
      "Comercial 456 Ltda. }\n    - { id: empresa_789, state: retired }\n",
    );
    expect(up()).toContain('state "active" => "retired"');
    const [archive = ""] = readdirSync(join(root, ".tenantry/dev/archives"));
    expect(archive).toMatch(/^empresa_789-\d{8}T\d{6}Z\.tar\.zst$/);
    edit("    - { id: empresa_789, state: retired }\n", "");
    // Nor before it has been so for as long as the stack says.
    edit("  tenantry:tenants:\n", "  tenantry:retention: 30d\n  tenantry:tenants:\n");
    expect(run("preview", "--engine", engine).stderr).toMatch(/30 days .*from \d{4}-.*TNT-432/s);
    expect(run("up", "--yes", "--engine", engine).stderr).toContain("TNT-432");
    await client.query(
      "update tenantry.registry set retired_at = now() - interval '30 days' where id = 'empresa_789'",
    );
    expect(up()).toContain("1 to REMOVE");
    expect(
      (await client.query("select from pg_namespace where nspname = 'tenant_empresa_789'"))
        .rowCount,
    ).toBe(0);

    // Back, under another name, from its archive.
    const file = join(".tenantry/dev/archives", archive);
    expect(existsSync(join(root, file))).toBe(true);
    const restored = run("restore", file, "--as", "empresa_900");
    expect(restored.stdout).toContain("+ tenant empresa_900 in stacks/Pulumi.dev.yaml");
    expect(up()).toMatch(/with the\s+rows of/);
    expect(await topics("tenant_empresa_900")).toEqual({ topics: ["a", "b"] });

    // Another name for one that lives.
    edit(/id: empresa_900,/, "id: empresa_901, renamedFrom: empresa_900,");
    const renamed = up();
    expect(renamed).toContain("tenant empresa_901");
    expect(renamed).toContain("nothing is dropped");
    expect(await topics("tenant_empresa_901")).toEqual({ topics: ["a", "b"] });
    edit("renamedFrom: empresa_900, ", "");
    expect(run("up", "--yes", "--engine", engine).code).toBe(0);
    expect(run("refresh", "--yes", "--engine", engine).code).toBe(0);
    const after = run("preview", "--expect-no-changes", "--engine", engine);
    expect(after.code, after.stdout + after.stderr).toBe(0);
  },
);
