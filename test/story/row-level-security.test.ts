import { spawnSync } from "node:child_process";
import pg from "pg";
import { expect, test } from "vitest";
import { noPgDump, pgDump } from "../support/pg-dump.ts";
import { freshClone } from "./fresh-clone.ts";

if (noPgDump !== undefined)
  process.stderr.write(`No dump of central.users is tried: ${noPgDump}\n`);

/** A user of each of two tenants. */
const USERS = `
  insert into central.users (tenant_id, email, full_name)
  values ('empresa_123', 'ana@empresa.cl', 'Ana'), ('empresa_456', 'beto@empresa.cl', 'Beto')`;

test(
  "row level security on central.users is switched on, off and on again by up, and a dump has every user",
  { timeout: 600_000 },
  async () => {
    const { tenantry, edit } = await freshClone();
    const up = (setting: string, ...before: [from: string]): string => {
      edit(before[0], setting);
      const { code, stdout, stderr } = tenantry("up", "--yes");
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      return stdout;
    };
    const login = (role: string): Record<string, string> =>
      JSON.parse(tenantry("env", "--role", role, "--json").stdout) as Record<string, string>;
    const on = "tenantry:rowLevelSecurity: true\n";
    const off = "tenantry:rowLevelSecurity: false\n";
    up(`${on}  tenantry:server:\n`, "tenantry:server:\n");

    const variables = login("app");
    const app = new pg.Client({
      host: variables.DB_HOST,
      port: Number(variables.DB_PORT),
      database: variables.DB_NAME,
      user: variables.DB_USER,
      password: variables.DB_PASSWORD,
    });
    await app.connect();
    const emails = async (tenant: string): Promise<unknown[]> => {
      await app.query("begin");
      await app.query("select set_config('app.current_tenant', $1, true)", [tenant]);
      const { rows } = await app.query<{ email: string }>(
        "select email from central.users order by email",
      );
      await app.query("commit");
      return rows.map(({ email }) => email);
    };
    // Nobody may write users of two tenants at once.
    await expect(app.query(USERS)).rejects.toMatchObject({ code: "42501" });

    up(off, on);
    await app.query(USERS);
    const all = ["ana@empresa.cl", "beto@empresa.cl"];
    expect(await emails("")).toEqual(all);
    expectDumped(login("backup"), all);

    expect(up(on, off)).toContain("central");
    expect(await emails("empresa_123")).toEqual(["ana@empresa.cl"]);
    expect(await emails("")).toEqual([]);
    expectDumped(login("backup"), all);
    expect(tenantry("preview", "--expect-no-changes").code).toBe(0);
    expect(tenantry("doctor")).toMatchObject({ code: 0 });
    await app.end();
    expect(tenantry("destroy", "--yes").code).toBe(0);
  },
);

/** Dumps the whole database as the backup role. */
function expectDumped(variables: Record<string, string>, emails: readonly string[]): void {
  if (pgDump === undefined) return;
  const [program, ...args] = pgDump.command;
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: "utf8",
    maxBuffer: 1e9,
    env: {
      ...process.env,
      PGHOST: variables.DB_HOST,
      PGPORT: variables.DB_PORT,
      PGDATABASE: variables.DB_NAME,
      PGUSER: variables.DB_USER,
      PGPASSWORD: variables.DB_PASSWORD,
    },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const [, copied = ""] = /^COPY central\.users [^\n]*\n([^]*?)\\\.$/m.exec(stdout) ?? [];
  expect(copied.match(/\S+@\S+/g)).toEqual(emails);
}
