import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { expect, test } from "vitest";
import type { Ran } from "../story/fresh-clone.ts";
import { makeRepository } from "./pull-request.ts";

function worked({ code, stdout, stderr }: Ran): string {
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) as string });
  return stdout;
}

test(
  "a pull request is checked, previewed in one comment, merged, and carried out as reviewed",
  { timeout: 300_000 },
  async () => {
    const { runner, author, push, git, checkOut, script, base } = await makeRepository(() => {
      // As it is in the checkout.
    });
    worked(runner.tenantry("up", "--yes"));
    const stackFile = join(author, "stacks", "Pulumi.dev.yaml");
    const comment = join(runner.root, "..", "comment.md");
    writeFileSync(comment, "");

    // The jobs of preview.yml, on a first version of the pull request and on a second one.
    const preview = (head: string): string => {
      checkOut(base);
      const tree = worked(script("take-pull-request.sh", base, head, "stacks", "sql", "config"));
      expect(worked(script("touched.sh", base, tree.trim())).split("\n")).toEqual([
        'all=["dev"]',
        'tenants=["dev"]',
        "approval=[]",
        "",
      ]);
      worked(runner.tenantry("check", "--base", base));
      checkOut(base);
      worked(script("take-pull-request.sh", base, head, "stacks"));
      worked(script("preview.sh", "dev", '["dev"]', comment));
      return readFileSync(comment, "utf8");
    };
    const line = (company: string): string =>
      `tenantry:tenants:\n    - { id: empresa_900, company: ${company} }\n`;
    const before = readFileSync(stackFile, "utf8");
    writeFileSync(stackFile, before.replace("tenantry:tenants:\n", line("First SpA")));
    const first = preview(push("empresa-900"));
    expect(first).toContain("1 added, 52 unchanged");
    writeFileSync(stackFile, before.replace("tenantry:tenants:\n", line("Second SpA")));
    const head = push("empresa-900");
    const second = preview(head);
    expect(second.match(/### Stack/g)).toHaveLength(1);
    expect(second).not.toBe(first);

    // deploy.yml, on the merge: the plan of the first version is not the one that is carried out.
    checkOut(base);
    git("merge", "--quiet", "--no-ff", "--no-edit", head);
    const stale = join(runner.root, "..", "stale.md");
    writeFileSync(stale, first);
    const refused = script("deploy.sh", "dev", stale);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("TNT-631");
    expect(script("deploy.sh", "prod", comment).stderr).toContain("TNT-633");
    expect(worked(script("deploy.sh", "dev", comment))).toContain("up done");
    expect(worked(runner.tenantry("list"))).toContain("Second SpA");
    // Repeated, it finds its plan carried out.
    worked(script("deploy.sh", "dev", comment));

    // drift.yml
    const summary = join(runner.root, "..", "summary.md");
    writeFileSync(summary, "");
    worked(script("drift.sh", "dev", summary));
    expect(readFileSync(summary, "utf8")).toMatch(/no changes[^]*nothing to find/);
    const client = new pg.Client({
      host: "127.0.0.1",
      port: runner.port,
      database: "nostromo",
      user: "postgres",
      password: readFileSync(
        join(runner.root, ".tenantry", "dev", "admin-password"),
        "utf8",
      ).trim(),
    });
    await client.connect();
    await client.query("DROP SCHEMA tenant_empresa_900 CASCADE").finally(() => client.end());
    const drift = script("drift.sh", "dev", summary);
    expect(drift.code).toBe(1);
    expect(drift.stderr).toContain("TNT-610");
    expect(readFileSync(summary, "utf8")).toContain("Removed (1)");
    expect(readFileSync(summary, "utf8")).toContain("DOC-10  tenant_empresa_900");
  },
);
