import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { freshClone } from "./fresh-clone.ts";

/** The administrator's, to do damage with. */
const readPassword = (root: string): string =>
  readFileSync(join(root, ".tenantry", "dev", "admin-password"), "utf8").trim();

const COMMANDS = [
  ["status"],
  ["status", "--record"],
  ["sizes"],
  ["sizes", "empresa_123"],
  ["activity", "--all"],
  ["locks"],
  ["slow"],
  ["slow", "empresa_123"],
  ["indexes"],
];

test("a running fleet is looked at as the monitor", { timeout: 600_000 }, async () => {
  const { tenantry, port, root, env, edit } = await freshClone();
  expect(tenantry("status")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("TNT-608") as string,
  });
  expect(tenantry("up", "--yes").code).toBe(0);

  // A group of its own gets Ctrl-C as from a terminal.
  const start = (...args: string[]) =>
    spawn("node", [join("bin", "tenantry.js"), ...args], { cwd: root, env, detached: true });

  for (const command of COMMANDS) {
    const unheard = start(...command);
    let noise = "";
    unheard.stderr.on("data", (chunk) => (noise += String(chunk)));
    unheard.stdout.destroy();
    expect([command, await once(unheard, "exit"), noise]).toEqual([command, [0, null], ""]);
    const text = tenantry(...command);
    expect([command, text.code, text.stderr]).toEqual([command, 0, ""]);
    const json = tenantry(...command, "--json");
    expect(() => JSON.parse(json.stdout) as unknown).not.toThrow();
  }
  expect(tenantry("status").stdout).toContain("  tenants      3 active\n");
  expect(tenantry("sizes").stdout).toMatch(/ tenant_empresa_123$/m);
  expect(tenantry("doctor").code).toBe(0);
  expect(tenantry("status").stdout).toMatch(/^ {2}doctor {7}nothing to find, /m);
  const page = join(root, "report.html");
  expect(tenantry("report", "--out", page)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/report\.html {2}3 tenants, \d+ kB\n$/) as string,
    stderr: "",
  });
  const written = readFileSync(page, "utf8");
  expect(written).toContain("Empresa 123 SpA");
  expect(written).toContain("Nothing to find");
  // The settings that this very program made are those that it declares.
  expect(written).toMatch(/(\d+) settings are as declared, of \1\. Nothing waits/);
  expect(statSync(page).mode & 0o777).toBe(0o600);
  expect(JSON.parse(tenantry("report", "--out", page, "--json").stdout)).toMatchObject({
    out: page,
    tenants: 3,
  });
  expect(tenantry("report", "--out", join(root, "nowhere", "report.html"))).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/there is no folder .*nowhere\. .*\[TNT-892\]\n$/) as string,
  });
  expect(tenantry("sizes", "empresa_12")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("Did you mean empresa_123?") as string,
  });
  expect(tenantry("status", "--watch", "0")).toMatchObject({ code: 2 });
  expect(tenantry("status", "--record", "--watch")).toMatchObject({ code: 2 });

  // One reading says nothing about growth, and two do.
  expect(tenantry("sizes", "--growth")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/npx tenantry status --record.*TNT-895/) as string,
  });
  expect(tenantry("sizes", "empresa_123", "--growth")).toMatchObject({ code: 2 });
  const keeper = new pg.Client({
    ...{ host: "127.0.0.1", port, user: "postgres", database: "nostromo" },
    password: readPassword(root),
  });
  await keeper.connect();
  await keeper.query("update tenantry.readings set taken_at = taken_at - interval '7 days'");
  await keeper.end();
  expect(tenantry("status", "--record").stdout).toMatch(
    /^ {2}recorded 20.* UTC: database .* MB, 3 tenants \d+ kB\n$/,
  );
  expect(tenantry("sizes", "--growth", "30d").stdout).toMatch(/^\+.* active {2}empresa_123$/m);
  expect(tenantry("sizes", "--growth", "2d")).toMatchObject({ code: 1 });

  // The application's own session is told with its tenant, and nothing of what it looks for.
  const variables = JSON.parse(tenantry("env", "--json").stdout) as Record<string, string>;
  const application = new pg.Client({
    host: "127.0.0.1",
    port,
    database: variables.DB_NAME,
    user: variables.DB_USER,
    password: variables.DB_PASSWORD,
  });
  await application.connect();
  await application.query("begin; set local search_path = tenant_empresa_456");
  await application.query("select names from employees where rut = '12345678-5'");
  expect(tenantry("activity").stdout).toMatch(
    /empresa_456 {2}nostromo_user {2}idle in transaction .*rut = \?$/m,
  );
  expect(tenantry("activity", "--show-literals").stdout).toContain("'12345678-5'");
  await application.query("rollback");
  await application.end();

  // Watching ends with Ctrl-C, and when nobody reads any more; both are fine.
  const watching = start("sizes", "--watch", "0.5", "--json");
  let documents = "";
  for await (const chunk of watching.stdout) {
    documents += String(chunk);
    if (documents.split("\n").length > 2) break;
  }
  expect(await once(watching, "exit")).toEqual([0, null]);
  const interrupted = start("locks", "--watch");
  let errors = "";
  interrupted.stderr.on("data", (chunk) => (errors += String(chunk)));
  await once(interrupted.stdout, "data");
  process.kill(-interrupted.pid!, "SIGINT");
  expect([await once(interrupted, "exit"), errors]).toEqual([[0, null], ""]);

  // What the monitor may not do is said with what to do about it.
  const admin = new pg.Client({
    ...{ host: "127.0.0.1", port, user: "postgres", database: "nostromo" },
    password: readPassword(root),
  });
  await admin.connect();
  const kept = readFileSync(page, "utf8");
  const refused = (
    code: string,
    words: string[],
    commands = [["status"], ["report", "--out", page]],
  ) => {
    for (const command of commands) {
      const { code: exit, stderr } = tenantry(...command);
      expect([command, exit]).toEqual([command, 1]);
      expect(stderr.trim().split("\n")).toHaveLength(1);
      for (const word of [code, ...words]) expect(stderr).toContain(word);
    }
    expect(readFileSync(page, "utf8")).toBe(kept);
  };
  await admin.query("revoke usage on schema tenantry from nostromo_monitor");
  refused("TNT-870", ["npx tenantry up"]);
  await admin.query("grant usage on schema tenantry to nostromo_monitor");
  await admin.query("alter role nostromo_monitor nologin");
  refused("TNT-873", ["not permitted to log in"]);
  await admin.query("alter role nostromo_monitor login password 'another'");
  refused("TNT-873", ["nostromo_monitor", "generation"]);
  await admin.end();
  const nowhere = await freePort();
  edit(String(port), String(nowhere));
  refused(
    "TNT-609",
    [`127.0.0.1:${nowhere}`, "npx tenantry up"],
    [...COMMANDS, ["report", "--out", page]],
  );
  edit(String(nowhere), String(port));

  expect(tenantry("destroy", "--yes").code).toBe(0);
});
