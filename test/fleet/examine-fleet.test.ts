import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FINDINGS } from "../../src/core/doctor/finding-table.ts";
import { ArchiveStore } from "../../src/fleet/archive/store/archive-store.ts";
import { writeArchive } from "../../src/fleet/archive/write-archive.ts";
import { examineFleet } from "../../src/fleet/examine-fleet.ts";
import { fleetQuery } from "../../src/fleet/fleet-query.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { removeTenant } from "../../src/fleet/remove-tenant.ts";
import { repairFleet } from "../../src/fleet/repair-fleet.ts";
import { updateTenant } from "../../src/fleet/update-tenant.ts";
import { startCluster } from "../support/cluster.ts";
import type { TestCluster } from "../support/cluster.ts";
import { copySqlDirectory, preparePlatform, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

let cluster: TestCluster;
let platform: TestPlatform;
let sqlDirectory: string;
/** The codes that a test found, beside the ones that were there to be found. */
const seen = new Set<string>();

beforeAll(async () => {
  cluster = await startCluster();
  sqlDirectory = copySqlDirectory();
  writeFileSync(
    join(sqlDirectory, "tenant/004_odd.sql"),
    "create type mood as enum ('good', '\"bad\"');\n" +
      'create table "Odd ""Näme: x" (id serial primary key, "Sum: y" numeric(38, 10) default 1, feeling mood default \'good\');\n' +
      'create view "All odd" as select * from "Odd ""Näme: x";\n',
  );
  platform = await preparePlatform(cluster, { sqlDirectory });
  const { ctx } = platform;
  await provisionTenant(ctx, spec("a"));
  await provisionTenant(ctx, spec("b"));
  await provisionTenant(ctx, spec("strict", { isolation: "strict" }));
  await provisionTenant(ctx, spec("held", { pin: 2 }));
  await provisionTenant(ctx, spec("off", { state: "suspended" }));
  await provisionTenant(ctx, spec("strict_off", { state: "suspended", isolation: "strict" }));
  await provisionTenant(ctx, spec("left", { state: "retired" }));
});
afterAll(async () => {
  await platform.close();
  await cluster.stop();
});

const find = async () => {
  const { findings } = await examineFleet(platform.ctx);
  for (const { code } of findings) seen.add(code);
  return findings.map(({ code, subject, found }) => `${code} ${subject}: ${found}`);
};
const fix = async () => {
  const { findings } = await examineFleet(platform.ctx);
  for (const { code, repair } of findings)
    expect([code, repair !== undefined]).toEqual([code, FINDINGS[code].fixable]);
  const { repaired, failures, diagnosis } = await repairFleet(platform.ctx, findings);
  expect(failures).toEqual([]);
  expect(repaired).toEqual(findings.filter(({ repair }) => repair !== undefined));
  return diagnosis.findings.map(({ code }) => code);
};
/** Damage, what is found then, and what mends it where the doctor does not. */
async function damage(sql: string, expected: unknown[], mend?: string) {
  await platform.admin.query(sql);
  try {
    expect(await find()).toEqual(expected);
    if (mend === undefined) expect(await fix()).toEqual([]);
  } finally {
    if (mend !== undefined) await platform.admin.query(mend);
  }
  expect(await find()).toEqual([]);
}
const like = (pattern: RegExp): unknown => expect.stringMatching(pattern);

describe("a clean fleet", () => {
  it("has no finding, whatever the states and isolations", async () => {
    expect(await examineFleet(platform.ctx)).toEqual({ tenants: 7, findings: [] });
    await updateTenant(platform.ctx, spec("off"));
    await updateTenant(platform.ctx, spec("off", { state: "suspended" }));
    await updateTenant(platform.ctx, spec("b", { isolation: "strict" }));
    await updateTenant(platform.ctx, spec("b"));
    expect(await find()).toEqual([]);
  });

  it("has none while tenants come and go", async () => {
    const ctx = { ...platform.ctx, disposable: true };
    const end = performance.now() + 5000;
    const comeAndGo = async (id: string) => {
      while (performance.now() < end) {
        await provisionTenant(ctx, spec(id));
        await removeTenant(ctx, id);
      }
    };
    const others = ["guest_1", "guest_2"].map(comeAndGo);
    while (performance.now() < end) expect((await examineFleet(ctx)).findings).toEqual([]);
    await Promise.all(others);
  });

  it("takes a number of statements that does not grow with the tenants", async () => {
    const count = async () => {
      let statements = 0;
      const client = await platform.ctx.pool.connect();
      const original = client.query.bind(client) as (...args: unknown[]) => unknown;
      Object.assign(client, {
        query: (...args: unknown[]) => {
          statements += 1;
          return original(...args);
        },
      });
      const pool = Object.assign(Object.create(platform.ctx.pool) as typeof platform.ctx.pool, {
        connect: () => Promise.resolve(client),
      });
      const release = client.release.bind(client);
      Object.assign(client, { release: () => undefined });
      await examineFleet({ ...platform.ctx, pool });
      release(true);
      return statements;
    };
    const before = await count();
    for (const id of ["more_1", "more_2", "more_3"]) await provisionTenant(platform.ctx, spec(id));
    expect(await count()).toBe(before);
    expect(before).toBeLessThan(30);
  });
});

describe("what tenants' schemas hold", () => {
  it("finds what is missing, added and changed", async () => {
    await damage(
      `drop index tenant_a.idx_payroll_period;
       alter table tenant_a.payroll drop constraint payroll_contract_id_year_month_key;
       create table tenant_a.notes (id integer)`,
      [
        "DOC-20 tenant_a constraint payroll_contract_id_year_month_key on payroll: UNIQUE (contract_id, year, month)",
        "DOC-20 tenant_a index idx_payroll_period on payroll: btree (year, month)",
        "DOC-21 tenant_a column notes.id: integer",
        "DOC-21 tenant_a table notes: ",
        `DOC-30 tenant_a: delete, insert, select, update on table notes to ${platform.roles.user}`,
        "DOC-32 tenant_a: table notes belongs to postgres",
      ],
      `drop table tenant_a.notes;
       create index idx_payroll_period on tenant_a.payroll (year, month);
       alter table tenant_a.payroll add unique (contract_id, year, month)`,
    );
  });

  it("finds a changed type, default, index and check, also of a name that must be quoted", async () => {
    await damage(
      `drop view tenant_b."All odd";
       alter table tenant_b."Odd ""Näme: x" alter "Sum: y" type numeric(10, 2), alter "Sum: y" drop default;
       alter table tenant_b.payroll alter days_worked set default 31;
       alter table tenant_b.employees drop constraint employees_names_check,
         add constraint employees_names_check check (names <> 'x');
       drop index tenant_b.idx_contracts_active;
       create index idx_contracts_active on tenant_b.contracts (employee_id) where fecha_termino is not null;
       set role ${platform.roles.owner};
       create view tenant_b."All odd" as select id from tenant_b."Odd ""Näme: x";
       reset role`,
      [
        'DOC-20 tenant_b column "All odd"."Sum: y": numeric(38,10)',
        'DOC-20 tenant_b column "All odd".feeling: mood',
        'DOC-22 tenant_b column "Odd ""Näme: x"."Sum: y": numeric(10,2); was numeric(38,10) default 1',
        "DOC-22 tenant_b column payroll.days_worked: numeric(4,2) not null default 31; was numeric(4,2) not null default 30",
        "DOC-22 tenant_b constraint employees_names_check on employees: CHECK ((names <> 'x'::text)); was CHECK ((names <> ''::text))",
        "DOC-22 tenant_b index idx_contracts_active on contracts: btree (employee_id) WHERE (fecha_termino IS NOT NULL); was btree (employee_id) WHERE (fecha_termino IS NULL)",
        like(/^DOC-22 tenant_b view "All odd": definition/),
      ],
      `drop view tenant_b."All odd";
       alter table tenant_b."Odd ""Näme: x" alter "Sum: y" type numeric(38, 10), alter "Sum: y" set default 1;
       alter table tenant_b.payroll alter days_worked set default 30;
       alter table tenant_b.employees drop constraint employees_names_check,
         add constraint employees_names_check check (names <> '');
       drop index tenant_b.idx_contracts_active;
       create index idx_contracts_active on tenant_b.contracts (employee_id) where fecha_termino is null;
       set role ${platform.roles.owner};
       create view tenant_b."All odd" as select * from tenant_b."Odd ""Näme: x";
       reset role`,
    );
  });

  it("drops an invalid index that nobody declared, and builds a declared one again", async () => {
    const { admin } = platform;
    const broken = (name: string) =>
      admin.query(`update pg_index set indisvalid = false where indexrelid = '${name}'::regclass`);
    await admin.query("create index leftover on tenant_a.payroll (paid_at)");
    await broken("tenant_a.leftover");
    await broken("tenant_b.idx_payroll_period");
    expect(await find()).toEqual([
      "DOC-20 tenant_b index idx_payroll_period on payroll: btree (year, month)",
      "DOC-23 tenant_a index leftover on payroll: no migration made it",
      "DOC-23 tenant_b index idx_payroll_period on payroll: a migration made it",
    ]);
    const { findings } = await examineFleet(platform.ctx);
    const { failures, diagnosis } = await repairFleet(platform.ctx, findings);
    expect([failures, diagnosis.findings]).toEqual([[], []]);
  });

  it("tells of a tenant that was changed before its last migration", async () => {
    const { text } = fleetQuery("fleet/save-shape");
    const save = () => platform.rows(text, ["a"]);
    await platform.admin.query(
      `drop index tenant_a.idx_payroll_period;
       alter table tenant_a.payroll alter days_worked set default 31, add column note text`,
    );
    await save();
    const most = "most tenants of version 4";
    expect(await find()).toEqual([
      `DOC-24 tenant_a column payroll.days_worked: numeric(4,2) not null default 31; ${most} have numeric(4,2) not null default 30`,
      `DOC-24 tenant_a column payroll.note: ${most} do not have it`,
      `DOC-24 tenant_a index idx_payroll_period on payroll: missing; ${most} have it`,
    ]);
    await platform.admin.query(
      `create index idx_payroll_period on tenant_a.payroll (year, month);
       alter table tenant_a.payroll alter days_worked set default 30, drop column note`,
    );
    await save();
    expect(await find()).toEqual([]);
  });

  it("finds and repairs autovacuum that is not as the migrations say", async () => {
    await platform.admin.query(
      `alter table tenant_a.payroll reset (autovacuum_vacuum_scale_factor);
       alter table tenant_b.payroll set (autovacuum_analyze_scale_factor = 0.3);
       alter table tenant_b.employees set (autovacuum_enabled = off, toast.autovacuum_enabled = off)`,
    );
    const byHand = [
      "DOC-26 tenant_b table employees: autovacuum_enabled is off",
      "DOC-26 tenant_b table employees: toast.autovacuum_enabled is off",
    ];
    expect(await find()).toEqual([
      "DOC-25 tenant_a table payroll: autovacuum_vacuum_scale_factor is not set, should be 0.05",
      "DOC-25 tenant_b table payroll: autovacuum_analyze_scale_factor is 0.3, should be 0.02",
      ...byHand,
    ]);
    const { findings } = await examineFleet(platform.ctx);
    const { failures } = await repairFleet(platform.ctx, findings);
    expect([failures, await find()]).toEqual([[], byHand]);
    await platform.admin.query(
      "alter table tenant_b.employees reset (autovacuum_enabled, toast.autovacuum_enabled)",
    );
    expect(await find()).toEqual([]);
  });

  it("says when nobody knows what a schema should hold", async () => {
    const [row] = await platform.rows(
      "select fingerprint from tenantry.registry where id = 'strict'",
    );
    await damage(
      "update tenantry.registry set fingerprint = null where id = 'strict'",
      ["DOC-15 tenant_strict: "],
      `update tenantry.registry set fingerprint = '${String(row?.fingerprint)}' where id = 'strict'`,
    );
  });
});

describe("archives", () => {
  it("finds one that no book names, and a place that cannot be listed", async () => {
    const { ctx } = platform;
    const { location } = await writeArchive(ctx, "a");
    expect(await find()).toEqual([like(/^DOC-16 \S+\/a-\w+\.tar\.zst: of 20\d\d-/)]);
    const inFile = { ...ctx, archives: new ArchiveStore({ place: location }) };
    const { findings } = await examineFleet(inFile);
    for (const { code } of findings) seen.add(code);
    expect(findings).toMatchObject([
      { code: "DOC-17", subject: location, found: like(/ENOTDIR.*TNT-703/) },
    ]);
    rmSync(location);
    expect(await find()).toEqual([]);
  });
});

describe("rights in tenants' schemas", () => {
  it("finds and repairs rights, default privileges, column rights and owners", async () => {
    const { roles } = platform;
    await damage(
      `grant usage on schema tenant_a to ${roles.readonly};
       grant select, insert on tenant_a.payroll to public;
       grant truncate on tenant_a.payroll to ${roles.user};
       grant select (rut) on tenant_a.employees to ${roles.app};
       revoke delete on tenant_a.payroll from ${roles.user};
       alter default privileges for role ${roles.owner} in schema tenant_a revoke select on tables from ${roles.user};
       alter table tenant_b."Odd ""Näme: x" owner to postgres;
       grant usage on schema tenant_off to ${roles.user}`,
      [
        `DOC-30 tenant_a: delete on table payroll to ${roles.user}`,
        `DOC-30 tenant_a: select on new tables to ${roles.user}`,
        `DOC-31 tenant_a: insert, select on table payroll to public`,
        `DOC-31 tenant_a: select on column employees.rut to ${roles.app}`,
        `DOC-31 tenant_a: truncate on table payroll to ${roles.user}`,
        `DOC-31 tenant_a: usage on schema to ${roles.readonly}`,
        like(/^DOC-31 tenant_b: delete, insert.* on table Odd "Näme: x to postgres$/),
        like(/^DOC-31 tenant_b: select.* on sequence Odd "Näme: x_id_seq to postgres$/),
        `DOC-31 tenant_off: usage on schema to ${roles.user}`,
        'DOC-32 tenant_b: sequence Odd "Näme: x_id_seq belongs to postgres',
        'DOC-32 tenant_b: table Odd "Näme: x belongs to postgres',
      ],
    );
  });

  it("finds and repairs who may take a strict tenant's role, and makes the role again", async () => {
    const { roles } = platform;
    await damage(`grant tenant_strict to ${roles.app}`, [
      `DOC-31 tenant_strict: inherit, set on role tenant_strict to ${roles.app}`,
    ]);
    await platform.admin.query("drop owned by tenant_strict_off; drop role tenant_strict_off");
    expect((await find()).every((text) => text.startsWith("DOC-30 tenant_strict_off"))).toBe(true);
    expect(await fix()).toEqual([]);
  });

  it("leaves a role alone that is not ours", async () => {
    const mark = "tenantry: tenant strict of stack tenantry/test";
    await damage(
      "comment on role tenant_strict is null",
      ["DOC-33 tenant_strict: role tenant_strict"],
      `comment on role tenant_strict is '${mark}'`,
    );
  });
});

describe("partitions", () => {
  it("gives back a partition that is gone, with the rows that waited", async () => {
    await platform.admin.query(
      `alter table shared.messages detach partition tenant_a.messages; drop table tenant_a.messages;
       insert into shared.messages (tenant_id, conversation_id, author, body)
       values ('a', gen_random_uuid(), 'x', 'y')`,
    );
    expect(await find()).toEqual([
      "DOC-40 tenant_a table messages: no partition of shared.messages",
      "DOC-42 shared.messages_default a: 1 row",
    ]);
    const { findings } = await examineFleet(platform.ctx);
    const { diagnosis, repaired } = await repairFleet(platform.ctx, findings);
    expect([diagnosis.findings, repaired.length]).toEqual([[], 2]);
    expect(await platform.rows("select author from tenant_a.messages")).toEqual([{ author: "x" }]);
  });

  it("tells of foreign partitions and of orphans", async () => {
    await damage(
      `create table public.stray partition of shared.messages for values in ('stray');
       create schema "Other"; create table "Other".more partition of shared.messages for values in ('x''y');
       insert into shared.conversations (tenant_id, topic) values ('nobody', 't'), ('nobody', 'u')`,
      [
        "DOC-41 Other table more: partition of shared.messages for values in ('x''y')",
        "DOC-41 public table stray: partition of shared.messages for values in ('stray')",
        "DOC-42 shared.conversations_default nobody: 2 rows",
      ],
      `drop table public.stray; drop schema "Other" cascade; delete from shared.conversations`,
    );
  });

  it("expects none of a retired tenant", async () => {
    const attached = "select from pg_inherits where inhrelid = to_regclass('tenant_left.messages')";
    expect(await platform.rows(attached)).toEqual([]);
    expect(await find()).toEqual([]);
  });
});

describe("the registry", () => {
  it("tells of tenants without schema, schemas without tenant, and schemas made anew", async () => {
    const { admin, ctx } = platform;
    await provisionTenant(ctx, spec("lost"));
    await provisionTenant(ctx, spec("anew"));
    await provisionTenant(ctx, spec("unmarked"));
    await admin.query(
      `drop schema tenant_lost cascade; drop schema tenant_anew cascade; create schema tenant_anew;
       comment on schema tenant_unmarked is null; create schema "tenant_Nobody's"`,
    );
    expect(await find()).toEqual([
      "DOC-10 tenant_lost: Company lost, version 4",
      "DOC-11 tenant_Nobody's: the registry does not know it",
      "DOC-12 tenant_anew: it was made anew since the registry took note of it",
      'DOC-12 tenant_unmarked: its comment is not "tenantry: tenant unmarked of stack tenantry/test"',
    ]);
    await admin.query(
      `drop schema tenant_anew, "tenant_Nobody's"; drop schema tenant_unmarked cascade;
       delete from tenantry.registry where id in ('lost', 'anew', 'unmarked')`,
    );
    expect(await find()).toEqual([]);
  });

  it("tells of tenants that are behind, and of a ledger that says something else", async () => {
    const file = join(sqlDirectory, "tenant/005_more.sql");
    writeFileSync(file, "create table more (id integer);");
    const behind = (await find()).filter((text) => text.includes("should be 5"));
    expect(behind).toContain("DOC-13 tenant_a: version 4, should be 5");
    expect(behind.join()).not.toMatch(/tenant_held|tenant_left/);
    rmSync(file);
    await damage(
      "update tenantry.ledger set number = 4 where tenant_key = 'held' and number = 2",
      ["DOC-14 tenant_held: version 2; the ledger has 1, 4"],
      "update tenantry.ledger set number = 2 where tenant_key = 'held' and number = 4",
    );
  });
});

describe("migrations", () => {
  it("tells of files that were changed, renamed or added", async () => {
    const broken = copySqlDirectory();
    writeFileSync(join(broken, "central/003_audit_log.sql"), "select 1;");
    writeFileSync(join(broken, "parametros/004_new.sql"), "select 1;");
    rmSync(join(broken, "shared/002_messages.sql"));
    const { findings } = await examineFleet({ ...platform.ctx, sqlDirectory: broken });
    for (const { code } of findings) seen.add(code);
    const texts = findings.map(({ code, subject, found }) => `${code} ${subject}: ${found}`);
    expect(texts).toEqual([
      "DOC-50 sql/central/003_audit_log.sql: ",
      "DOC-51 sql/shared/002_messages.sql: ",
      "DOC-51 sql/tenant/004_odd.sql: ",
      "DOC-52 sql/parametros/004_new.sql: it has not run",
    ]);
  });
});

describe("the shared schemas", () => {
  it("tells of what is missing, added and changed there", async () => {
    await damage(
      `drop index central.idx_audit_created; alter table central.users alter active set default false;
       create table parametros.extra (id integer); alter table parametros.extra owner to ${platform.roles.owner};
       revoke all on parametros.extra from public, ${platform.roles.user}, ${platform.roles.readonly}, ${platform.roles.user}_tenants;
       alter table tenantry.registry disable trigger keep_tenants`,
      [
        "DOC-60 central index idx_audit_created on audit_log: btree (created_at DESC)",
        "DOC-61 parametros column extra.id: integer",
        "DOC-61 parametros table extra: ",
        "DOC-62 central column users.active: boolean not null default false; was boolean not null default true",
        like(/^DOC-62 tenantry trigger keep_tenants on registry: disabled/),
      ],
      `create index idx_audit_created on central.audit_log (created_at desc);
       alter table central.users alter active set default true; drop table parametros.extra;
       alter table tenantry.registry enable trigger keep_tenants`,
    );
  });

  it("says when nobody knows what one should hold", async () => {
    const [row] = await platform.rows(
      "delete from tenantry.areas where area = 'shared' returning *",
    );
    await damage(
      "select",
      ["DOC-63 shared: "],
      `insert into tenantry.areas values ('shared', '${String(row?.fingerprint)}')`,
    );
  });

  it("finds and repairs rights, on what is there and on what will be made, and owners", async () => {
    const { roles, database } = platform;
    await damage(
      `grant create on schema public to public; grant select on shared.messages to ${roles.user};
       grant update on central.audit_log to ${roles.app}; revoke select on parametros.afp from ${roles.readonly};
       revoke insert (action) on central.audit_log from ${roles.app};
       grant execute on function central.keep_tenants() to public;
       grant temporary on database ${database} to ${roles.user}; revoke usage on schema parametros from ${roles.user};
       alter default privileges for role ${roles.owner} in schema central grant delete on tables to ${roles.readonly};
       alter default privileges for role ${roles.owner} in schema parametros revoke select on tables from ${roles.user};
       alter table parametros.comunas owner to postgres; alter schema shared owner to postgres`,
      [
        `DOC-64 central: insert (action) on table central.audit_log to ${roles.app}`,
        `DOC-64 new tables in schema parametros: select to ${roles.user}`,
        `DOC-64 parametros: select on table parametros.afp to ${roles.readonly}`,
        `DOC-64 schema parametros: usage to ${roles.user}`,
        `DOC-65 central: execute on function central.keep_tenants() to public`,
        `DOC-65 central: update on table central.audit_log to ${roles.app}`,
        `DOC-65 database ${database}: temporary to ${roles.user}`,
        `DOC-65 new tables in schema central: delete to ${roles.readonly}`,
        `DOC-66 shared: select on table shared.messages to ${roles.user}`,
        "DOC-67 schema public: create to public",
        "DOC-68 schema shared: belongs to postgres",
        "DOC-68 table parametros.comunas: belongs to postgres",
      ],
    );
  });
});

describe("roles", () => {
  it("tells of attributes, memberships and settings", async () => {
    const { roles } = platform;
    await damage(
      `alter role ${roles.user} createdb; alter role tenant_strict login;
       create role "Some one"; grant ${roles.owner} to "Some one"; revoke pg_monitor from ${roles.monitor};
       grant ${roles.owner} to ${roles.app};
       alter role ${roles.user} in database ${platform.database} set search_path = 'x', public`,
      [
        `DOC-71 role tenant_strict: login yes, should be no`,
        `DOC-71 role ${roles.user}: createDatabase yes, should be no`,
        `DOC-72 role ${roles.app}: it is a member of ${roles.owner}`,
        `DOC-72 role ${roles.monitor}: it is no member of pg_monitor`,
        `DOC-72 role ${roles.owner}: Some one is a member of it`,
        `DOC-73 role ${roles.user}: search_path=x, public in database ${platform.database}`,
      ].toSorted(),
      `alter role ${roles.user} nocreatedb; alter role tenant_strict nologin;
       drop role "Some one"; grant pg_monitor to ${roles.monitor}; revoke ${roles.owner} from ${roles.app};
       alter role ${roles.user} in database ${platform.database} reset search_path`,
    );
    await damage(
      `alter role ${roles.readonly} rename to away`,
      expect.arrayContaining([`DOC-70 role ${roles.readonly}: `]) as unknown[],
      `alter role away rename to ${roles.readonly}`,
    );
  });
});

it("finds everything in the table of findings", () => {
  // Attacks find the others: test/isolation/.
  expect([...seen].sort()).toEqual(
    Object.keys(FINDINGS).filter((code) => !code.startsWith("DOC-8")),
  );
});
