import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyMigrations } from "../../src/fleet/apply-migrations.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { sharedCluster } from "../support/cluster.ts";
import { preparePlatform, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

type Login = "user" | "app" | "readonly" | "monitor" | "backup";
const LOGINS: readonly Login[] = ["user", "app", "readonly", "monitor", "backup"];

let platform: TestPlatform;
const clients = {} as Record<Login, pg.Client>;
beforeAll(async () => {
  platform = await preparePlatform(await sharedCluster());
  await provisionTenant(platform.ctx, spec("open"));
  await provisionTenant(platform.ctx, spec("tight", { isolation: "strict" }));
  for (const login of LOGINS) clients[login] = await platform.as(platform.roles[login]);
});
afterAll(() => platform.close());

/** Who may run it; each attempt is undone. */
async function allowed(sql: string): Promise<Login[]> {
  const outcomes = await Promise.all(
    LOGINS.map(async (login) => {
      const client = clients[login];
      await client.query("begin");
      const outcome = await client.query(sql).then(
        () => undefined,
        (error: unknown) => (error as pg.DatabaseError).code,
      );
      await client.query("rollback");
      // Anything else than "insufficient privilege" would prove nothing.
      if (outcome !== undefined) expect(outcome, `${login}: ${sql}`).toBe("42501");
      return outcome === undefined;
    }),
  );
  return LOGINS.filter((_, index) => outcomes[index]);
}

describe("who may do what", () => {
  const employee = "(rut, names, surnames) values ('12345678-5', 'Ana', 'Rojas')";
  it.each<[string, Login[]]>([
    ["select from tenant_open.employees", ["user", "backup"]],
    [`insert into tenant_open.employees ${employee}`, ["user"]],
    ["update tenant_open.employees set names = 'x'", ["user"]],
    ["delete from tenant_open.payroll", ["user"]],
    ["truncate tenant_open.payroll", []],
    ["insert into tenant_open.conversations (topic) values ('x')", ["user"]],
    ["create table tenant_open.mine ()", []],
    ["drop table tenant_open.payroll", []],
    ["select from tenant_tight.employees", ["backup"]],
    [`insert into tenant_tight.employees ${employee}`, []],
    [
      "set local role tenant_tight; select from tenant_tight.employees; select from parametros.afp",
      ["user"],
    ],
    ["set local role tenant_tight; select from tenant_open.employees", []],
    ["set local role tenant_tight; create table tenant_tight.mine ()", []],
    ["select from shared.conversations", ["backup"]],
    ["insert into shared.conversations (tenant_id, topic) values ('open', 'x')", []],
    ["select from shared.conversations_default", ["backup"]],
    ["select from parametros.comunas", ["user", "readonly", "backup"]],
    ["update parametros.afp set nombre = 'x'", []],
    ["select from central.tenants", ["user", "app", "readonly", "backup"]],
    ["update central.tenants set active = false", []],
    ["delete from central.tenants", []],
    ["insert into central.tenants values ('x', 'tenant_x', 'X', now(), true)", []],
    ["select from central.users", ["app", "readonly", "backup"]],
    [
      "insert into central.users (tenant_id, email, full_name) values ('open', 'a@b.cl', 'A')",
      ["app"],
    ],
    ["delete from central.users", ["app"]],
    ["select * from central.find_users('a@b.cl')", ["user", "app"]],
    ["select from central.audit_log", ["app", "readonly", "backup"]],
    ["insert into central.audit_log (action) values ('login')", ["app"]],
    ["insert into central.audit_log (action, actor) values ('login', 'someone')", []],
    ["insert into central.audit_log (action, created_at) values ('login', now())", []],
    ["update central.audit_log set action = 'x'", []],
    ["delete from central.audit_log", []],
    ["truncate central.audit_log", []],
    ["select central.schema_size('tenant_open')", ["user", "app", "readonly", "backup"]],
    ["select from tenantry.registry", ["backup"]],
    ["update tenantry.registry set state = 'retired'", []],
    ["select tenantry.schema_objects('central'::regnamespace)", []],
    ["create table public.mine ()", []],
    ["create schema mine", []],
    ["create temporary table mine ()", []],
  ])("%s", async (sql, expected) => {
    expect(await allowed(sql)).toEqual(expected);
  });

  it("gives rights on tables that come later, whoever of ours makes them", async () => {
    await platform.rows(`set role ${platform.roles.owner}`);
    await platform.rows("create table tenant_open.later ()");
    await platform.rows("create table parametros.later ()");
    await platform.rows("reset role");
    expect(await allowed("select from tenant_open.later")).toEqual(["user", "backup"]);
    expect(await allowed("select from parametros.later")).toEqual(["user", "readonly", "backup"]);
  });

  it("knows the size of a schema", async () => {
    const [size] = await platform.rows("select central.schema_size('tenant_open')::int as bytes");
    expect(size!.bytes).toBeGreaterThan(50_000);
    expect(await platform.rows("select central.schema_size('nowhere')::int as bytes")).toEqual([
      { bytes: 0 },
    ]);
  });
});

describe("row level security on central.users", () => {
  const emails = async (login: Login, tenant?: string): Promise<unknown[]> => {
    const client = clients[login];
    await client.query("begin");
    if (tenant !== undefined)
      await client.query("select set_config('app.current_tenant', $1, true)", [tenant]);
    const { rows } = await client.query<{ email: string }>(
      "select email from central.users order by 1",
    );
    await client.query("commit");
    return rows.map(({ email }) => email);
  };
  const owner = () => platform.rows(`set role ${platform.roles.owner}`);
  beforeAll(() =>
    platform.rows(
      "insert into central.users (tenant_id, email, full_name) values ('open', 'o@x.cl', 'O'), ('tight', 't@x.cl', 'T')",
    ),
  );

  it("is off until it is switched on, and off again", async () => {
    expect(await emails("app")).toEqual(["o@x.cl", "t@x.cl"]);
    for (const rowLevelSecurity of [true, true, false, false, true])
      await applyMigrations(platform.ctx, "central", { rowLevelSecurity });
  });

  it("shows the tenant's users within the tenant and nobody outside", async () => {
    expect(await emails("app", "open")).toEqual(["o@x.cl"]);
    // The setting of the transaction before is '' now, not null.
    expect(await emails("app")).toEqual([]);
    expect(await emails("readonly")).toEqual([]);
    expect(await emails("backup")).toEqual(["o@x.cl", "t@x.cl"]);
  });

  it("refuses rows of another tenant", async () => {
    const { app } = clients;
    await app.query("begin; set local app.current_tenant = 'open'");
    await expect(
      app.query(
        "insert into central.users (tenant_id, email, full_name) values ('tight', 'z@x.cl', 'Z')",
      ),
    ).rejects.toMatchObject({ code: "42501" });
    await app.query("rollback");
  });

  it("lets the owner see and change all, and the login find its user", async () => {
    await owner();
    const updated = await platform.admin.query("update central.users set full_name = full_name");
    await platform.rows("reset role");
    expect(updated.rowCount).toBe(2);
    const found = await clients.user.query("select tenant_id from central.find_users('O@X.CL')");
    expect(found.rows).toEqual([{ tenant_id: "open" }]);
  });

  it("is no part of the migrations: switched off, all is visible again", async () => {
    await applyMigrations(platform.ctx, "central");
    expect(await emails("app")).toEqual([]);
    await applyMigrations(platform.ctx, "central", { rowLevelSecurity: false });
    expect(await emails("app")).toEqual(["o@x.cl", "t@x.cl"]);
  });
});
