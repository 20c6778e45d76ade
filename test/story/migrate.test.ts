import { appendFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { readAdminPassword } from "../../src/settings/admin-password.ts";
import { expect, onTestFinished, test } from "vitest";
import { freshClone } from "./fresh-clone.ts";

/** The steps of docs/runbooks/migration-gone-wrong.md. */
test("a migration that goes wrong for a canary is seen, mended and run again", async () => {
  const { tenantry, root, edit, port } = await freshClone();
  const ok = (...args: string[]): string => {
    const { code, stdout, stderr } = tenantry(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) as string });
    return stdout;
  };
  edit(/( +tenantry:tenants:)/, "  tenantry:migrations: { canary: [empresa_456] }\n$1");
  ok("up", "--yes");
  const database = new pg.Client({
    ...{ host: "127.0.0.1", port, user: "postgres", database: "nostromo" },
    password: readAdminPassword(root, { stack: "dev", target: "embedded" }),
  });
  await database.connect();
  onTestFinished(() => database.end());

  expect(ok("migrate", "new", "unique_email")).toContain("+ sql/tenant/004_unique_email.sql");
  expect(tenantry("preview").stderr).toContain("TNT-511");
  appendFileSync(
    join(root, "sql/tenant/004_unique_email.sql"),
    "alter table employees add constraint employees_email_key unique (email);\n",
  );
  await database.query(
    "insert into tenant_empresa_456.employees (rut, names, surnames, email) values ('1-9', 'Ana', 'Soto', 'x@y.cl'), ('11111111-1', 'Eva', 'Rojas', 'x@y.cl')",
  );
  expect(ok("preview")).toContain("~ tenant migrations   runs 004_unique_email.sql");
  const failed = tenantry("up", "--yes");
  expect(failed.code).toBe(1);
  expect(failed.stderr).toMatch(
    /tenant empresa_456: .*004_unique_email\.sql:19: could not create/s,
  );
  expect(failed.stderr).toContain("2 more tenants were left as before");
  expect(JSON.parse(ok("migrate", "status", "--json"))).toMatchObject({
    version: 4,
    pending: [{ file: "sql/tenant/004_unique_email.sql", tenants: 3 }],
    counts: { current: 0, pinned: 0, behind: 2, failed: 1 },
  });
  expect(tenantry("list").stderr).toContain("tenant empresa_456 stays at 3: sql/tenant/004");
  const again = tenantry("migrate", "up", "--yes", "--json");
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining("TNT-650") as string });
  expect(JSON.parse(again.stdout)).toMatchObject({ left: ["empresa_123", "empresa_789"] });

  await database.query("update tenant_empresa_456.employees set email = null where names = 'Eva'");
  expect(ok("migrate", "up", "--canary-only", "--yes")).toContain("1 tenant migrated");
  expect(ok("migrate", "status")).toContain("3 tenants: 1 current, 2 behind");
  expect(ok("up", "--yes")).toContain("1 to change");
  expect(ok("migrate", "up", "--yes")).toContain("nothing to do");
  expect(tenantry("preview", "--expect-no-changes")).toMatchObject({ code: 0 });
}, 180_000);
