import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PLATFORM_SCHEMAS } from "../../src/core/privileges.ts";
import { applyMigrations } from "../../src/fleet/apply-migrations.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { sharedCluster } from "../support/cluster.ts";
import { preparePlatform, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";
import { privilegeMatrix } from "../support/privilege-matrix.ts";

type Login = "user" | "app" | "readonly" | "monitor" | "backup";
const LOGINS: readonly Login[] = ["user", "app", "readonly", "monitor", "backup"];
const statements = privilegeMatrix();

let platform: TestPlatform;
const clients = {} as Record<Login, pg.Client>;
/** Who stands in the columns of the page: a session, and what it becomes first. */
const actors = new Map<string, { client: pg.Client; become?: string }>();
beforeAll(async () => {
  platform = await preparePlatform(await sharedCluster());
  const { ctx, admin, roles } = platform;
  await provisionTenant(ctx, spec("open"));
  await provisionTenant(ctx, spec("tight", { isolation: "strict" }));
  await provisionTenant(ctx, spec("asleep", { state: "suspended" }));
  for (const login of LOGINS) clients[login] = await platform.as(roles[login]);
  actors.set("owner", { client: admin, become: roles.owner });
  actors.set("user", { client: clients.user });
  actors.set("strict scope", { client: clients.user, become: "tenant_tight" });
  for (const login of LOGINS.slice(1)) actors.set(login, { client: clients[login] });
});
afterAll(() => platform.close());

/** Who may run it, by column; each attempt is undone. */
async function allowed(sql: string): Promise<string[]> {
  const able: string[] = [];
  for (const [column, { client, become }] of actors) {
    await client.query(`begin; ${become === undefined ? "" : `set local role ${become}`}`);
    const outcome = await client.query(sql).then(
      () => undefined,
      (error: unknown) => (error as pg.DatabaseError).code,
    );
    await client.query("rollback");
    // Anything else than "insufficient privilege" would prove nothing.
    if (outcome !== undefined) expect(outcome, `${column}: ${sql}`).toBe("42501");
    else able.push(column);
  }
  return able;
}

describe("who may do what", () => {
  it.each(statements)("$sql", async ({ sql, columns }) => {
    expect(await allowed(sql)).toEqual(columns);
  });

  it("covers every schema of the platform", () => {
    for (const schema of [...PLATFORM_SCHEMAS, "public", "tenant_open", "tenant_tight"])
      expect(statements.filter(({ sql }) => sql.includes(`${schema}.`))).not.toEqual([]);
  });

  it("lets nobody else connect", async () => {
    const stranger = `${platform.roles.user}_stranger`;
    await platform.rows(`create role ${stranger} login`);
    const rights = await platform.rows(
      "select has_database_privilege($1, current_database(), 'connect') as connect, has_database_privilege($1, current_database(), 'temporary') as temporary",
      [stranger],
    );
    await platform.rows(`drop role ${stranger}`);
    expect(rights).toEqual([{ connect: false, temporary: false }]);
  });

  it("gives rights on tables that come later, whoever of ours makes them", async () => {
    await platform.rows(`set role ${platform.roles.owner}`);
    await platform.rows("create table tenant_open.later ()");
    await platform.rows("create table parametros.later ()");
    await platform.rows("reset role");
    expect(await allowed("select from tenant_open.later")).toEqual(["owner", "user", "backup"]);
    expect(await allowed("select from parametros.later")).toEqual([
      ...["owner", "user", "strict scope", "readonly", "backup"],
    ]);
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

  it("changes and deletes nobody of another tenant, and cannot give a user away", async () => {
    const { app } = clients;
    await app.query("begin; set local app.current_tenant = 'open'");
    const others = "where tenant_id = 'tight'";
    expect((await app.query(`update central.users set full_name = 'X' ${others}`)).rowCount).toBe(
      0,
    );
    expect((await app.query(`delete from central.users ${others}`)).rowCount).toBe(0);
    await expect(
      app.query("update central.users set tenant_id = 'tight' where tenant_id = 'open'"),
    ).rejects.toMatchObject({ code: "42501" });
    await app.query("rollback");
  });

  it("holds for a dump as pg_dump makes it: all rows, by BYPASSRLS or by its policy, or an error", async () => {
    const { backup, readonly } = clients;
    const dump = async (client: typeof backup, rowSecurity: "on" | "off") => {
      await client.query(`set row_security = ${rowSecurity}`);
      try {
        return (await client.query("select email from only central.users")).rowCount;
      } finally {
        await client.query("reset row_security");
      }
    };
    expect(await dump(backup, "off")).toBe(2);
    // Nobody else gets a part of the rows and takes it for all.
    await expect(dump(readonly, "off")).rejects.toMatchObject({ code: "42501" });
    await platform.rows(`alter role ${platform.roles.backup} nobypassrls`);
    await expect(dump(backup, "off")).rejects.toMatchObject({ code: "42501" });
    expect(await dump(backup, "on")).toBe(2);
    await platform.rows(`alter role ${platform.roles.backup} bypassrls`);
  });

  it("lets nobody put another schema before the look-up's", async () => {
    expect(
      await platform.rows(
        "select prosecdef as definer, proconfig as settings from pg_proc where oid = 'central.find_users(text)'::regprocedure",
      ),
    ).toEqual([{ definer: true, settings: ["search_path=pg_catalog, pg_temp"] }]);
    await expect(
      clients.readonly.query("select from central.find_users('o@x.cl')"),
    ).rejects.toMatchObject({ code: "42501" });
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
