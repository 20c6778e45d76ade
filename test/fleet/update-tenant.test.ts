import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { readTenant } from "../../src/fleet/read-tenant.ts";
import { updateTenant } from "../../src/fleet/update-tenant.ts";
import { sharedCluster } from "../support/cluster.ts";
import { preparePlatform, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

let platform: TestPlatform;
let application: pg.Client;
beforeAll(async () => {
  platform = await preparePlatform(await sharedCluster());
  application = await platform.as(platform.roles.user);
});
afterAll(() => platform.close());

const NOTHING = { rights: [], objects: [] };
const driftOf = async (id: string) => (await readTenant(platform.ctx, id))?.drift;
const count = "select count(*)::int as rows from tenant_%.employees";
const readAs = async (id: string) =>
  (await application.query<{ rows: number }>(count.replace("%", id))).rows;

describe("updateTenant", () => {
  it("changes the company, in the registry, in central and in the audit log", async () => {
    const { ctx, admin } = platform;
    await provisionTenant(ctx, spec("renamed"));
    await updateTenant(ctx, spec("renamed", { company: "Otra Ltda." }));
    expect((await readTenant(ctx, "renamed"))?.spec.company).toBe("Otra Ltda.");
    const central = await admin.query(
      "select company_name from central.tenants where id = 'renamed'",
    );
    expect(central.rows).toEqual([{ company_name: "Otra Ltda." }]);
    const log = await admin.query(
      "select before ->> 'company' as before, after ->> 'company' as after from central.audit_log where action = 'tenant.updated'",
    );
    expect(log.rows).toEqual([{ before: "Company renamed", after: "Otra Ltda." }]);
  });

  it("keeps the application out of a suspended tenant, prepared statements too, and lets it back in", async () => {
    const { ctx, admin } = platform;
    await provisionTenant(ctx, spec("paused"));
    const prepared = { name: "count_paused", text: count.replace("%", "paused") };
    await application.query(prepared);
    await updateTenant(ctx, spec("paused", { state: "suspended" }));
    await expect(application.query(prepared)).rejects.toMatchObject({ code: "42501" });
    await expect(readAs("paused")).rejects.toMatchObject({ code: "42501" });
    await expect(
      application.query("select from tenant_paused.conversations"),
    ).rejects.toMatchObject({ code: "42501" });
    const active = await admin.query("select active from central.tenants where id = 'paused'");
    expect(active.rows).toEqual([{ active: false }]);
    expect(await driftOf("paused")).toEqual(NOTHING);
    await updateTenant(ctx, spec("paused"));
    expect(await readAs("paused")).toEqual([{ rows: 0 }]);
  });

  it("never opens a tenant that is made suspended", async () => {
    await provisionTenant(platform.ctx, spec("closed", { state: "suspended" }));
    await expect(readAs("closed")).rejects.toMatchObject({ code: "42501" });
    expect(await driftOf("closed")).toEqual(NOTHING);
  });

  it("takes the rights of a retired tenant, and gives them back when it is active again", async () => {
    await provisionTenant(platform.ctx, spec("gone"));
    await updateTenant(platform.ctx, spec("gone", { state: "retired" }));
    await expect(readAs("gone")).rejects.toMatchObject({ code: "42501" });
    await updateTenant(platform.ctx, spec("gone"));
    expect(await readAs("gone")).toEqual([{ rows: 0 }]);
  });

  it("changes the isolation in both directions", async () => {
    const { ctx, admin } = platform;
    const role = () =>
      admin
        .query("select from pg_roles where rolname = 'tenant_moved'")
        .then(({ rowCount }) => rowCount);
    await provisionTenant(ctx, spec("moved"));
    await updateTenant(ctx, spec("moved", { isolation: "strict" }));
    expect(await driftOf("moved")).toEqual(NOTHING);
    await expect(readAs("moved")).rejects.toMatchObject({ code: "42501" });
    await application.query("begin; set local role tenant_moved");
    expect(await readAs("moved")).toEqual([{ rows: 0 }]);
    await application.query("select from parametros.afp");
    await application.query("commit");
    expect(await role()).toBe(1);
    await updateTenant(ctx, spec("moved"));
    expect(await driftOf("moved")).toEqual(NOTHING);
    expect(await readAs("moved")).toEqual([{ rows: 0 }]);
    expect(await role()).toBe(0);
  });

  it("says how rights and owners drifted, and puts them right", async () => {
    const { ctx, admin, roles } = platform;
    const tenant = spec("drifted");
    await provisionTenant(ctx, tenant);
    await admin.query(`
      grant usage on schema tenant_drifted to ${roles.readonly};
      grant select on tenant_drifted.payroll to public;
      revoke delete on tenant_drifted.payroll from ${roles.user};
      alter default privileges for role ${roles.owner} in schema tenant_drifted revoke select on tables from ${roles.user};
      alter schema tenant_drifted owner to postgres`);
    expect((await driftOf("drifted"))?.rights.toSorted()).toEqual(
      [
        `missing right: delete on table payroll to ${roles.user}`,
        `missing right: select on new tables to ${roles.user}`,
        // The new owner's rights are its own now, and count as given to it.
        "the schema belongs to postgres",
        "undeclared right: create on schema to postgres",
        `undeclared right: select on table payroll to public`,
        "undeclared right: usage on schema to postgres",
        `undeclared right: usage on schema to ${roles.readonly}`,
      ].toSorted(),
    );
    await updateTenant(ctx, tenant);
    expect(await driftOf("drifted")).toEqual(NOTHING);
  });

  it("keeps a strict tenant's role to the application, without inheritance", async () => {
    const { ctx, rows, roles } = platform;
    const tenant = spec("guarded", { isolation: "strict" });
    await provisionTenant(ctx, tenant);
    await rows(`grant tenant_guarded to ${roles.app}`);
    await rows(`grant tenant_guarded to ${roles.user}_strict with inherit true`);
    await rows(`revoke ${roles.user}_tenants from tenant_guarded`);
    expect((await driftOf("guarded"))?.rights.toSorted()).toEqual(
      [
        `missing right: inherit on role ${roles.user}_tenants to tenant_guarded`,
        `missing right: set on role ${roles.user}_tenants to tenant_guarded`,
        `undeclared right: inherit on role tenant_guarded to ${roles.app}`,
        `undeclared right: inherit on role tenant_guarded to ${roles.user}_strict`,
        `undeclared right: set on role tenant_guarded to ${roles.app}`,
      ].toSorted(),
    );
    await updateTenant(ctx, tenant);
    expect(await driftOf("guarded")).toEqual(NOTHING);
    const log = await rows(
      "select action from central.audit_log where tenant_id = 'guarded' order by id",
    );
    expect(log.map(({ action }) => action)).toEqual(["tenant.created", "tenant.repaired"]);
  });

  it("says which objects are missing or were added", async () => {
    const { ctx, admin } = platform;
    await provisionTenant(ctx, spec("bent"));
    await admin.query(`
      drop index tenant_bent.idx_payroll_period;
      alter table tenant_bent.employees drop column email;
      alter table tenant_bent.contracts alter position drop not null;
      create table tenant_bent.notes (id integer)`);
    expect((await driftOf("bent"))?.objects.toSorted()).toEqual([
      'changed object: column contracts."position": text not null => text',
      "missing object: column employees.email: text",
      "missing object: index idx_payroll_period on payroll: btree (year, month)",
      "undeclared object: column notes.id: integer",
      "undeclared object: table notes",
    ]);
  });

  it("gives back a partition that was detached", async () => {
    const { ctx, admin } = platform;
    await provisionTenant(ctx, spec("apart"));
    await admin.query(
      "alter table shared.messages detach partition tenant_apart.messages; drop table tenant_apart.messages",
    );
    expect((await readTenant(ctx, "apart"))?.missingPartitions).toEqual(["messages"]);
    await updateTenant(ctx, spec("apart"));
    expect(await readTenant(ctx, "apart")).toMatchObject({ missingPartitions: [], drift: NOTHING });
  });

  it("refuses a tenant that is not there", async () => {
    await expect(updateTenant(platform.ctx, spec("nobody"))).rejects.toMatchObject({
      code: "TNT-408",
    });
  });
});
