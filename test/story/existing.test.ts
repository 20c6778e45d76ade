import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeCertificates } from "../support/certificates.ts";
import { scratchDirectory, sharedCluster } from "../support/cluster.ts";
import { ExistingStack } from "../support/existing-stack.ts";
import { startTlsCluster } from "../support/tls-cluster.ts";
import type { TlsCluster } from "../support/tls-cluster.ts";

const TIMEOUT = 300_000;
const DBA = "the password of dba";

let cluster: TlsCluster;
/** The superuser, over TLS. */
let admin: pg.Client;

const ask = async (statement: string): Promise<unknown[]> => {
  const { rows } = await admin.query<Record<string, unknown>>(statement);
  return rows.flatMap((row) => Object.values(row));
};
const OURS = "select rolname from pg_roles where rolname ~ '^(nostromo|other|tenant)_' order by 1";

/** How often anybody logged in so far. */
const logins = (): number =>
  readFileSync(cluster.logFile, "utf8").split("connection authorized").length - 1;

beforeAll(async () => {
  cluster = await startTlsCluster({ settings: { log_connections: "on" } });
  // Whoever comes without TLS is turned away: every connection of the stories is encrypted.
  writeFileSync(join(cluster.dataDirectory, "pg_hba.conf"), "hostssl all all all scram-sha-256\n");
  admin = await cluster.connect({ ssl: { rejectUnauthorized: false } });
  await admin.query(`create role dba login createrole createdb password '${DBA}'`);
  await admin.query("select pg_reload_conf()");
});
afterAll(async () => {
  await admin.end();
  await cluster.stop();
});

describe.each(["local", "pulumi"])("with the engine %s", (engine) => {
  const begin = async (skip: (note: string) => never): Promise<ExistingStack> => {
    const stack = await ExistingStack.create(cluster);
    if (engine === "pulumi" && !(await stack.takePulumi()))
      return skip("THE REAL PULUMI CLI IS NOT ON $PATH");
    return stack;
  };

  test("a superuser's stack, from its first `up` to its end", { timeout: TIMEOUT }, async (ctx) => {
    const stack = await begin((note) => ctx.skip(note));
    stack.declare({ parameters: { work_mem: "5MB" } });
    // A preview of a pull request must not give the password to whatever host it names.
    const before = logins();
    expect(stack.done("preview")).toContain("+ server check");
    expect(logins()).toBe(before);
    expect(await ask(OURS)).toEqual([]);

    stack.done("up", "--yes");
    const after = logins();
    stack.done("preview", "--expect-no-changes");
    expect(logins()).toBe(after);
    stack.done("refresh", "--preview-only", "--expect-no-changes");
    expect(stack.done("probe")).toContain("ALTER SYSTEM SET work_mem = '5MB';  -- it is 4MB");
    expect(await ask("show work_mem")).toEqual(["4MB"]);
    expect(stack.done("env")).toMatch(/DB_HOST=localhost\n[^]*DB_SSLMODE=verify-full\n/);

    stack.declare(
      { parameters: { work_mem: "5MB" } },
      { "tenantry:tenants": ["empresa_1", { id: "empresa_2", isolation: "strict" }] },
    );
    expect(stack.done("up", "--yes")).toContain("1 to create");
    expect(stack.done("list")).toMatch(/empresa_2 .*tenant_empresa_2/);

    await admin.query("alter role nostromo_app connection limit 99");
    expect(stack.done("refresh", "--preview-only")).toContain("role nostromo_app");
    stack.done("refresh", "--yes");
    expect(stack.done("up", "--yes")).toContain("~ role nostromo_app");
    stack.done("preview", "--expect-no-changes");

    stack.done("destroy", "--yes");
    expect(await ask(OURS)).toEqual([]);
    expect(await ask("select datname from pg_database where datname = 'nostromo'")).toEqual([]);
  });

  test("without superuser, what is possible is done", { timeout: TIMEOUT }, async (ctx) => {
    const stack = await begin((note) => ctx.skip(note));
    await stack.keepSecret(DBA);
    const tenants = { "tenantry:tenants": [{ id: "empresa_3", isolation: "strict" }, "empresa_4"] };
    await admin.query("grant pg_monitor to dba with admin option");
    stack.declare({ administrator: "dba" }, tenants);
    const lacking = stack.refused("up", "--yes");
    expect(lacking).toMatch(/pg_read_all_data: without it.*WITH ADMIN OPTION.*bypassrls.*TNT-261/);
    expect(lacking).toContain("tenantry:server.without: [pg_stat_statements]");
    expect(lacking).not.toContain("createrole");
    expect(await ask(OURS)).toEqual([]);

    const without = ["pg_read_all_data", "bypassrls", "pg_stat_statements"];
    stack.declare({ administrator: "dba", without }, tenants);
    expect(stack.done("up", "--yes")).toContain("Without bypassrls: the backup role cannot");
    stack.done("preview", "--expect-no-changes");
    stack.done("refresh", "--yes");
    stack.done("preview", "--expect-no-changes");
    expect(stack.done("probe")).toMatch(/left out {2}pg_read_all_data/);
    expect(stack.done("list")).toContain("empresa_3");
    expect(stack.done("backup", "empresa_3", "--verify")).toContain("empresa_3");
    expect(await ask("select pg_has_role('nostromo_monitor', 'pg_monitor', 'usage')")).toEqual([
      true,
    ]);

    stack.declare({ administrator: "dba", without }, { "tenantry:tenants": ["empresa_4"] });
    expect(stack.done("up", "--yes")).toContain("- tenant empresa_3");
    const state = readFileSync(
      join(stack.root, ".tenantry/state/.pulumi/stacks/tenantry/dev.json"),
      "utf8",
    );
    expect(state).not.toContain(DBA);
    stack.done("destroy", "--yes");
    expect(await ask(OURS)).toEqual([]);
    await admin.query("revoke pg_monitor from dba");
  });
});

test("names that are there already are told, with both ways on", { timeout: TIMEOUT }, async () => {
  const stack = await ExistingStack.create(cluster);
  await admin.query("create role nostromo_owner");
  stack.declare();
  const { code, stderr } = stack.run("up", "--yes");
  expect(code).toBe(1);
  expect(stderr.replaceAll(/\s+/g, " ")).toMatch(
    /already has: role nostromo_owner\. Nothing was made.*TNT-262/,
  );
  const [line = ""] = /pulumi import .*/.exec(stderr) ?? [];
  expect(line).toContain("role:Role role-nostromo_owner nostromo_owner --stack dev");
  expect(await ask(OURS)).toEqual(["nostromo_owner"]);

  stack.done("destroy", "--yes");
  const roles = Object.fromEntries(
    ["owner", "user", "app", "readonly", "monitor", "backup"].map((role) => [
      role,
      `other_${role}`,
    ]),
  );
  stack.declare({}, { "tenantry:roles": roles, "tenantry:database": "other" });
  stack.done("up", "--yes");
  stack.done("preview", "--expect-no-changes");
  stack.done("destroy", "--yes");
  expect(await ask(OURS)).toEqual(["nostromo_owner"]);

  // The other way: the line does what it says.
  if (await stack.takePulumi()) {
    stack.declare();
    expect(stack.run("up", "--yes").code).toBe(1);
    stack.pulumi(line);
    stack.done("up", "--yes");
    stack.done("preview", "--expect-no-changes");
    stack.done("destroy", "--yes");
    expect(await ask(OURS)).toEqual([]);
  } else await admin.query("drop role nostromo_owner");
});

test("what keeps a connection from coming about is told in one error", async () => {
  const stack = await ExistingStack.create(cluster);
  const says = (message: RegExp, server: object = {}): void => {
    stack.declare(server);
    const error = stack.refused("up", "--yes");
    expect(error).toMatch(message);
    expect(error.match(/TNT-\d+/g)).toHaveLength(1);
    expect(error).not.toContain(cluster.password);
  };
  says(/certificate.*is for another host.*TNT-418/, { host: "127.0.0.1" });
  const plain = await sharedCluster();
  says(/does not speak TLS.*TNT-419/, { port: plain.port });
  says(/lets nobody in without TLS.*TNT-421/, { tls: { mode: "disable" } });
  says(/ENOTFOUND nowhere\.invalid.*TNT-401/, { host: "nowhere.invalid" });
  stack.setPassword("not the password");
  says(/refuses the password of "postgres".*TNT-416/);
  stack.trust((await makeCertificates(scratchDirectory("foreign"), "localhost")).ca);
  says(/certificate.*is not trusted.*TNT-417/);
  stack.setPassword("");
  says(/administrator is neither a secret of the stack nor in .*TNT-117/);
});
