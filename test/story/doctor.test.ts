import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { expect, test } from "vitest";
import { freshClone } from "./fresh-clone.ts";

/** What `doctor --json` prints, as far as it is looked at. */
interface Report {
  readonly findings: readonly { readonly code: string; readonly fixable: boolean }[];
  readonly repaired?: readonly { readonly code: string }[];
}

test(
  "a database that somebody changed is found, repaired and clean",
  { timeout: 300_000 },
  async () => {
    const { tenantry, port, root } = await freshClone();
    expect(tenantry("doctor")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("TNT-608") as string,
    });
    expect(tenantry("up", "--yes").code).toBe(0);
    const clean = { code: 0, stdout: "  3 tenants, nothing to find\n", stderr: "" };
    expect(tenantry("doctor")).toMatchObject(clean);
    const attacked = {
      code: 0,
      stdout: "  4 attacks as nostromo_user, each was refused\n",
      stderr: "",
    };
    expect(tenantry("doctor", "--isolation")).toMatchObject(attacked);

    const client = new pg.Client({
      ...{ host: "127.0.0.1", port, user: "postgres", database: "nostromo" },
      password: readFileSync(join(root, ".tenantry", "dev", "admin-password"), "utf8").trim(),
    });
    await client.connect();
    await client.query(`
    grant select on tenant_empresa_123.payroll to public;
    alter table tenant_empresa_456.contracts alter weekly_hours set default 45`);
    await client.query(
      "grant usage on schema tenantry to nostromo_user; grant select on all tables in schema tenantry to nostromo_user",
    );
    const reached = tenantry("doctor", "--isolation", "--json");
    expect(reached.code).toBe(1);
    expect((JSON.parse(reached.stdout) as Report).findings).toMatchObject([
      { code: "DOC-81", subject: "scope of empresa_123" },
    ]);
    await client.query(
      "revoke usage on schema tenantry from nostromo_user; revoke select on all tables in schema tenantry from nostromo_user",
    );

    const found = tenantry("doctor");
    expect(found.code).toBe(1);
    expect(found.stderr).toContain('"npx tenantry doctor --fix --stack dev" repairs 1');
    expect(found.stdout).toContain(
      "  DOC-22  tenant_empresa_456 column contracts.weekly_hours\n" +
        "          numeric(4,2) not null default 45; was numeric(4,2) not null default 44\n" +
        "  DOC-31  tenant_empresa_123  select on table payroll to public\n",
    );
    expect(Math.max(...found.stdout.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(
      80,
    );

    const fixed = tenantry("doctor", "--fix", "--json");
    expect(fixed.code).toBe(1);
    const report = JSON.parse(fixed.stdout) as Report;
    expect(report.repaired).toMatchObject([{ code: "DOC-31", fixable: true }]);
    expect(report.findings).toMatchObject([{ code: "DOC-22", fixable: false }]);

    await client.query(
      "alter table tenant_empresa_456.contracts alter weekly_hours set default 44",
    );
    await client.end();
    expect(tenantry("doctor")).toMatchObject(clean);
    expect(tenantry("preview", "--expect-no-changes").code).toBe(0);
    expect(tenantry("destroy", "--yes").code).toBe(0);
  },
);
