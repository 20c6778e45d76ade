import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listTenants } from "../../src/fleet/list-tenants.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { removeTenant } from "../../src/fleet/remove-tenant.ts";
import { updateTenant } from "../../src/fleet/update-tenant.ts";
import { sharedCluster } from "../support/cluster.ts";
import type { TestCluster } from "../support/cluster.ts";
import { preparePlatform, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

let cluster: TestCluster;
let platform: TestPlatform;
beforeAll(async () => {
  cluster = await sharedCluster();
  platform = await preparePlatform(cluster);
});
afterAll(() => platform.close());

const retired = (id: string) => spec(id, { state: "retired" });
const schemaExists = async (id: string): Promise<boolean> => {
  const { rowCount } = await platform.admin.query("select from pg_namespace where nspname = $1", [
    `tenant_${id}`,
  ]);
  return rowCount === 1;
};

describe("removeTenant", () => {
  it("drops an empty retired tenant and leaves a tombstone", async () => {
    const { ctx, admin } = platform;
    await provisionTenant(ctx, spec("empty", { state: "retired", isolation: "strict" }));
    await removeTenant(ctx, "empty");
    expect(await schemaExists("empty")).toBe(false);
    expect(await listTenants(ctx)).toEqual([]);
    const traces = await admin.query(`select
      (select count(*)::int from pg_roles where rolname = 'tenant_empty') as roles,
      (select count(*)::int from central.tenants) as central,
      (select count(*)::int from tenantry.ledger where area = 'tenant') as ledger,
      (select array_agg(tenant_id) from tenantry.tombstones) as tombstones,
      (select array_agg(action order by id) from central.audit_log where tenant_id = 'empty') as actions,
      (select count(*)::int from pg_inherits where inhparent = 'shared.messages'::regclass) as partitions`);
    expect(traces.rows).toEqual([
      {
        roles: 0,
        central: 0,
        ledger: 0,
        tombstones: ["empty"],
        actions: [
          "tenant.created",
          "tenant.archived",
          "tenant.archive_proven",
          "tenant.updated",
          "tenant.removed",
        ],
        partitions: 1,
      },
    ]);
  });

  it("takes the archive that was written last, whatever a clock that went back says", async () => {
    const { ctx, admin, rows } = platform;
    await provisionTenant(ctx, retired("clock"));
    await admin.query("update tenantry.archives set created_at = created_at + interval '1 year'");
    await updateTenant(ctx, spec("clock"));
    await admin.query("insert into tenant_clock.conversations (topic) values ('later')");
    await updateTenant(ctx, retired("clock"));
    await removeTenant(ctx, "clock");
    const kept = `select t.archive = max(a.archive) as newest, count(*)::int as archives
      from tenantry.tombstones t join tenantry.archives a using (tenant_id)
      where tenant_id = 'clock' group by t.archive`;
    expect(await rows(kept)).toEqual([{ newest: true, archives: 2 }]);
  });

  it("does nothing for a tenant that is gone already", async () => {
    await expect(removeTenant(platform.ctx, "empty")).resolves.toBeUndefined();
  });

  it("forgets a tenant whose schema was dropped", async () => {
    const { ctx, admin } = platform;
    await provisionTenant(ctx, retired("dropped"));
    await admin.query("drop schema tenant_dropped cascade");
    await removeTenant(ctx, "dropped");
    expect(await listTenants(ctx)).toEqual([]);
  });

  it("refuses a tenant that is not retired", async () => {
    await provisionTenant(platform.ctx, spec("alive"));
    await expect(removeTenant(platform.ctx, "alive")).rejects.toMatchObject({ code: "TNT-411" });
    expect(await schemaExists("alive")).toBe(true);
  });

  it("drops rows only while a proven archive of them is there, and of them all", async () => {
    const { ctx, admin, rows } = platform;
    await provisionTenant(ctx, spec("full"));
    await admin.query(`
      insert into tenant_full.employees (rut, names, surnames) values ('12345678-5', 'Ana', 'Rojas');
      insert into tenant_full.conversations (topic) values ('a'), ('b');
      insert into central.users (tenant_id, email, full_name) values ('full', 'ana@full.cl', 'Ana')`);
    await updateTenant(ctx, retired("full"));
    const [archive] = await rows(
      "select archive::text, location, row_counts from tenantry.archives where tenant_id = 'full'",
    );
    expect(archive?.row_counts).toMatchObject({
      "central.users": 1,
      conversations: 2,
      employees: 1,
      payroll: 0,
    });
    const location = String(archive?.location);
    const bytes = readFileSync(location);
    const refused = async (says: RegExp): Promise<void> => {
      await expect(removeTenant(ctx, "full")).rejects.toThrow(says);
      expect(await schemaExists("full")).toBe(true);
    };

    await admin.query(
      "insert into tenant_full.conversations (topic, tenant_id) values ('c', 'full')",
    );
    await refused(/3 rows in conversations, 2 archived.*TNT-708/s);
    await admin.query("delete from tenant_full.conversations where topic = 'c'");
    writeFileSync(location, Buffer.concat([bytes, Buffer.from([0])]));
    await refused(/is not the archive that was proven.*TNT-707/s);
    rmSync(location);
    await refused(/cannot be read.*TNT-703/s);
    writeFileSync(location, bytes);
    await admin.query("update tenantry.archives set verified_at = null where tenant_id = 'full'");
    await refused(/npx tenantry backup full --verify.*TNT-412/s);
    await admin.query("update tenantry.archives set verified_at = now() where tenant_id = 'full'");

    await removeTenant(ctx, "full");
    expect(await schemaExists("full")).toBe(false);
    expect(await rows("select count(*)::int from central.users")).toEqual([{ count: 0 }]);
    expect(
      await rows("select archive::text from tenantry.tombstones where tenant_id = 'full'"),
    ).toEqual([{ archive: archive?.archive }]);
  });

  it("waits until it has been retired for long enough, by the database's clock", async () => {
    const { ctx, admin, rows } = platform;
    await provisionTenant(ctx, spec("kept"));
    // The clock was ahead when the books noted this: the retirement is not dated before it.
    await admin.query(
      "insert into central.audit_log (action, created_at) values ('later', date_trunc('second', now()) + interval '1 hour')",
    );
    await updateTenant(ctx, retired("kept"));
    const retiredAt = async () =>
      (await rows("select retired_at as at from tenantry.registry where id = 'kept'"))[0]
        ?.at as Date;
    const noted = await retiredAt();
    const [last] = await rows(
      "select created_at as at from central.audit_log where action = 'later'",
    );
    expect(noted).toEqual(last?.at);
    await updateTenant(ctx, spec("kept", { state: "retired", company: "Another" }));
    expect(await retiredAt()).toEqual(noted);
    const from = new Date(noted.getTime() + 30 * 86_400_000).toISOString().replace(".000Z", "Z");
    const kept = { ...ctx, retention: 30 };
    await expect(removeTenant(kept, "kept")).rejects.toThrow(
      `stays retired for 30 days before it may be removed: from ${from} on`,
    );
    // The tenant's own comes before the stack's.
    await expect(removeTenant(ctx, "kept", 1)).rejects.toMatchObject({ code: "TNT-432" });
    expect(await schemaExists("kept")).toBe(true);
    await admin.query(
      "update tenantry.registry set retired_at = now() - interval '30 days' where id = 'kept'",
    );
    await expect(removeTenant(kept, "kept", 31)).rejects.toMatchObject({ code: "TNT-432" });
    await removeTenant(kept, "kept");
    expect(await schemaExists("kept")).toBe(false);
    await admin.query("delete from central.audit_log where action = 'later'");
  });

  it("counts from the last time it was retired", async () => {
    const { ctx, rows } = platform;
    const retiredAt = () =>
      rows("select retired_at is null as none from tenantry.registry where id = 'back'");
    await provisionTenant(ctx, retired("back"));
    expect(await retiredAt()).toEqual([{ none: false }]);
    await updateTenant(ctx, spec("back"));
    expect(await retiredAt()).toEqual([{ none: true }]);
    await removeTenant({ ...ctx, disposable: true, retention: 30 }, "back");
  });

  it("refuses while something outside depends on it, and names it", async () => {
    const { ctx, admin } = platform;
    await provisionTenant(ctx, retired("needed"));
    await admin.query(`
      create schema reports;
      create view reports.heads as select count(*) from tenant_needed.employees;
      create table reports.notes (employee bigint references tenant_needed.employees (id));
      create function reports.f() returns bigint language sql begin atomic select count(*) from tenant_needed.payroll; end;
      create table reports.copies (id bigint default nextval('tenant_needed.employees_id_seq'))`);
    const disposable = { ...ctx, disposable: true };
    for (const each of [ctx, disposable])
      await expect(removeTenant(each, "needed")).rejects.toThrow(
        /4 objects.*notes_employee_fkey on table reports\.notes.*column id of table reports\.copies.*function reports\.f\(\).*view reports\.heads\..*\[TNT-413\]/,
      );
    await admin.query("drop schema reports cascade");
    await removeTenant(ctx, "needed");
    expect(await schemaExists("needed")).toBe(false);
  });

  it("drops whatever it is in a disposable stack", async () => {
    const { ctx, admin } = platform;
    await provisionTenant(ctx, spec("heavy"));
    await admin.query(
      "insert into central.users (tenant_id, email, full_name) values ('heavy', 'eva@heavy.cl', 'Eva')",
    );
    await removeTenant({ ...ctx, disposable: true }, "heavy");
    expect(await schemaExists("heavy")).toBe(false);
    const users = await admin.query("select from central.users");
    expect(users.rowCount).toBe(0);
  });

  it("refuses a schema that is not ours, also in a disposable stack", async () => {
    await platform.admin.query("create schema tenant_theirs");
    await expect(
      removeTenant({ ...platform.ctx, disposable: true }, "theirs"),
    ).rejects.toMatchObject({ code: "TNT-406" });
    expect(await schemaExists("theirs")).toBe(true);
  });

  it("waits for whoever uses its tables", async () => {
    const { ctx, admin } = platform;
    await provisionTenant(ctx, retired("busy"));
    await admin.query("begin; select from tenant_busy.payroll");
    const removal = removeTenant(ctx, "busy");
    const settled = await Promise.race([
      removal.then(() => "removed"),
      new Promise((resolve) => setTimeout(resolve, 1_000, "waiting")),
    ]);
    expect(settled).toBe("waiting");
    await admin.query("commit");
    await removal;
    expect(await schemaExists("busy")).toBe(false);
  });

  it("removes many while as many are made and others write through the shared tables", async () => {
    const { ctx, rows } = platform;
    const disposable = { ...ctx, disposable: true };
    const ids = (prefix: string) => Array.from({ length: 8 }, (_, index) => `${prefix}_${index}`);
    await Promise.all(["there", ...ids("old")].map((id) => provisionTenant(ctx, spec(id))));
    let isDone = false;
    /** Writes and changes rows of a tenant through the shared table, prepared, and is never refused. */
    const write = async (id: string): Promise<number> => {
      const client = await cluster.connect({ database: platform.database });
      let written = 0;
      for (; !isDone || written < 40; written += 1) {
        const body = String(written);
        await client.query({
          name: "insert",
          text: "insert into shared.messages (tenant_id, conversation_id, author, body) values ($1, gen_random_uuid(), 'a', $2)",
          values: [id, body],
        });
        const changed = await client.query({
          name: "update",
          text: "update shared.messages set author = 'b' where tenant_id = $1 and body = $2",
          values: [id, body],
        });
        expect(changed.rowCount).toBe(1);
      }
      await client.end();
      return written;
    };
    const changing = Promise.all([
      ...ids("old").map((id) => removeTenant(disposable, id)),
      ...ids("new").map((id) => provisionTenant(ctx, spec(id))),
    ]).finally(() => (isDone = true));
    const [there, made] = await Promise.all([write("there"), write("new_3"), changing]);
    const left = (await listTenants(ctx)).map(({ id }) => id);
    expect(left).toEqual(expect.arrayContaining(ids("new")));
    expect(left.filter((id) => id.startsWith("old"))).toEqual([]);
    // What was written before its partition was there has moved; what came after went there.
    const of = (id: string) =>
      rows(`select count(*)::int, min(author) as author from only tenant_${id}.messages`);
    expect(await of("new_3")).toEqual([{ count: made, author: "b" }]);
    expect(await of("there")).toEqual([{ count: there, author: "b" }]);
    expect(await rows("select count(*)::int from shared.messages_default")).toEqual([{ count: 0 }]);
  });
});
