import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { expect, test } from "vitest";
import { osUser } from "../../src/server/os-user.ts";
import { requireFreePort } from "../../src/server/port-in-use.ts";
import { stopServer } from "../../src/server/stop-server.ts";
import { freshClone } from "./fresh-clone.ts";
import type { FreshClone, Ran } from "./fresh-clone.ts";

const STORY_TIMEOUT = 300_000;

/** The output of a command that must have worked. */
function worked({ code, stdout, stderr }: Ran): string {
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) as string });
  return stdout;
}

/** The error of a command that must have failed, and changed nothing in the stack file. */
const failed = ({ code, stderr }: Ran): string => {
  expect(code).toBe(1);
  return stderr;
};

async function query(clone: FreshClone, sql: string): Promise<Record<string, unknown>[]> {
  const variables = JSON.parse(worked(clone.tenantry("env", "--json"))) as Record<string, string>;
  const client = new pg.Client({
    host: variables.DB_HOST!,
    port: Number(variables.DB_PORT),
    database: variables.DB_NAME!,
    user: variables.DB_USER!,
    password: variables.DB_PASSWORD!,
  });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const ids = (clone: FreshClone): string[] =>
  (JSON.parse(worked(clone.tenantry("list", "--json"))) as { id: string }[]).map(({ id }) => id);

test(
  "from a fresh clone to a database, a tenant more, and nothing left",
  { timeout: STORY_TIMEOUT },
  async () => {
    const clone = await freshClone();
    const { tenantry, npmStart, edit, root, port, stackFile } = clone;

    const preview = worked(tenantry("preview"));
    expect(preview).toContain("+ tenant empresa_123   ");
    expect(preview).toContain("nothing is dropped");
    expect(() => statSync(join(root, ".tenantry"))).toThrow("ENOENT");

    const first = worked(npmStart());
    expect(first).toContain("Stack dev is disposable");
    expect(first).toMatch(/\+ tenant empresa_456 {2}\d/);
    expect(first).toContain(`nostromo on 127.0.0.1:${port}`);
    expect(ids(clone)).toEqual(["empresa_123", "empresa_456", "empresa_789"]);

    const second = worked(npmStart());
    expect(second).toMatch(/^ {2}\d+ unchanged {5}nothing is dropped$/m);
    expect(second).not.toContain("up done");
    expect(worked(tenantry("preview", "--expect-no-changes"))).toContain("unchanged");
    expect(worked(tenantry("refresh", "--preview-only"))).not.toContain("to change");

    const before = readFileSync(stackFile, "utf8");
    expect(failed(tenantry("add", "Empresa"))).toContain("must begin with a letter");
    expect(failed(tenantry("add", "empresa_123"))).toContain("TNT-116");
    expect(readFileSync(stackFile, "utf8")).toBe(before);
    worked(clone.run("npx", ["tenantry", "add", "empresa_900", "--company", "Empresa 900 SpA"]));
    expect(readFileSync(stackFile, "utf8")).toContain(before.trimEnd());
    expect(failed(tenantry("preview", "--expect-no-changes"))).toContain("TNT-610");
    const more = worked(tenantry("up"));
    expect(more).toContain("1 to create");
    expect(more).toMatch(/\+ tenant empresa_900 {2}\d/);

    const list = worked(tenantry("list"));
    expect(list.split("\n")[0]).toMatch(/^ID +STATE +VERSION +SIZE +SCHEMA +COMPANY$/);
    expect(list).toMatch(
      /^empresa_900 +active +\d+ +\d+ kB +tenant_empresa_900 +Empresa 900 SpA$/m,
    );
    expect(Math.max(...list.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
    const [row] = await query(
      clone,
      "SELECT current_user::text AS role, (SELECT count(*)::int FROM tenant_empresa_900.payroll) AS rows",
    );
    expect(row).toEqual({ role: "nostromo_user", rows: 0 });
    const shell = clone.run("sh", [
      "-c",
      'eval "$(node bin/tenantry.js env)" && echo "$DB_PORT $DB_USER"',
    ]);
    expect(shell.stdout).toBe(`${port} nostromo_user\n`);

    await stopServer(join(root, ".tenantry", "dev", "server", "data"), "fast", 30);
    expect(failed(tenantry("list"))).toContain("TNT-609");
    expect(worked(tenantry("preview"))).toContain("stopped => running");
    expect(worked(npmStart())).toContain("up done");

    // Taken off the list, a tenant of a disposable stack goes; of any other, it stays.
    edit(/\n {4}- .*empresa_900.*/, "");
    expect(worked(tenantry("up"))).toContain("- tenant empresa_900");
    expect(ids(clone)).not.toContain("empresa_900");
    edit("tenantry:disposable: true", "tenantry:disposable: false");
    expect(worked(tenantry("up"))).toContain("the state: what it protects");
    edit("    - empresa_789\n", "");
    for (const command of ["preview", "up"]) {
      const refused = failed(tenantry(command));
      expect(refused).toContain("tenant empresa_789 is no longer in stacks/Pulumi.dev.yaml");
      expect(refused).toContain("TNT-605");
    }
    const unplanned = ["up", "--yes", "--skip-preview"];
    expect(failed(tenantry(...unplanned))).toContain("tenant empresa_789. Nothing was deleted.");
    expect(failed(tenantry("destroy", "--yes"))).toContain("TNT-607");
    expect(ids(clone)).toContain("empresa_789");

    edit("tenantry:disposable: false", "tenantry:disposable: true");
    expect(failed(tenantry("up"))).toContain("TNT-605");
    edit("tenantry:tenants:\n", "tenantry:tenants:\n    - empresa_789\n    - empresa_901\n");
    expect(tenantry("up", "--skip-preview")).toMatchObject({ code: 2, stdout: "" });
    const changed = worked(tenantry(...unplanned));
    expect(changed).toMatch(/\+ tenant empresa_901 {2}\d[^]*up done in .*: 1 created\n$/);
    expect(changed).not.toContain("to create");
    expect(worked(tenantry(...unplanned))).toContain(": nothing to change");
    expect(worked(tenantry("destroy", "--yes"))).toContain("destroy done");
    await requireFreePort(port);
    expect(failed(tenantry("env"))).toContain("TNT-608");
  },
);

test("another user than root has the same story", { timeout: STORY_TIMEOUT }, async (context) => {
  const otherUser = osUser();
  if (!otherUser) return context.skip("only root can be another user");
  const clone = await freshClone(otherUser);
  expect(worked(clone.npmStart())).toContain("3 tenants");
  expect(worked(clone.npmStart())).toContain("unchanged");
  expect(ids(clone)).toHaveLength(3);
  const { uid } = statSync(join(clone.root, ".tenantry", "dev", "passphrase"));
  expect(uid).toBe(otherUser.uid);
  expect(worked(clone.tenantry("destroy", "--yes"))).toContain("destroy done");
});
