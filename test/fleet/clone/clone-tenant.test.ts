import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { MaskingRules, MaskRule } from "../../../src/core/masking.ts";
import type { TenantClone, TenantSpec } from "../../../src/core/tenant.ts";
import { provisionTenant } from "../../../src/fleet/provision-tenant.ts";
import { readTenant } from "../../../src/fleet/read-tenant.ts";
import { projectMasking } from "../../support/masking.ts";
import { sharedCluster } from "../../support/cluster.ts";
import { copySqlDirectory, preparePlatform, spec } from "../../support/platform.ts";
import type { TestPlatform } from "../../support/platform.ts";
import { STRANGE, STRANGE_ROWS, strangeValues } from "../../support/strange-tables.ts";

const STRANGE_RULES: Record<string, Record<string, MaskRule>> = {
  'Odd "name"': {
    Key: "keep",
    small: "keep",
    real_value: "keep",
    double_value: "null",
    number: "null",
    any_number: "keep",
    bytes: "null",
    body: { text: "Texto {hash}" },
    feeling: { text: "good" },
    at: { sql: "'-infinity'::timestamptz" },
    span: "keep",
    list: { sql: "array[pg_temp.mask_hash(list::text), 'it''s -- no comment'] -- a comment" },
    document: { text: "{}" },
  },
  ["n".repeat(63)]: { id: "keep" },
  without_key: { value: { text: "{hash}" } },
  nothing: {},
  parted: { id: "keep", day: "keep" },
  fired: { id: "keep" },
};

let platform: TestPlatform;
let rules: MaskingRules;

beforeAll(async () => {
  const sqlDirectory = copySqlDirectory();
  writeFileSync(join(sqlDirectory, "tenant", "004_strange.sql"), STRANGE);
  platform = await preparePlatform(await sharedCluster(), { sqlDirectory });
  const project = projectMasking();
  rules = { ...project, tenant: { ...project.tenant, ...STRANGE_RULES } };
  const { ctx, admin } = platform;
  await provisionTenant(ctx, spec("acme"));
  await provisionTenant(ctx, spec("other"));
  await admin.query(`
    set search_path = tenant_acme;
    insert into employees (rut, names, surnames, email, birth_date, comuna_code, isapre_code, active) values
      ('12345678-5', 'Canaria Ana', 'Canaria Rojas', 'canaria@acme.cl', '1980-05-17', 'canaria-c', 'canaria-i', true),
      ('11111111-1', 'Canaria Eva', 'Canaria Soto', null, null, null, null, false),
      ('9876543-3', 'Canaria Ana', 'Canaria Rojas', 'canaria2@acme.cl', '1980-05-17', null, null, true);
    delete from employees where id = 2;
    insert into contracts (employee_id, kind, position, fecha_inicio, base_salary) values
      (1, 'indefinido', 'Canaria jefa', '2024-01-01', 1234567), (3, 'indefinido', 'Canaria jefa', '2024-01-01', 7654321);
    insert into absences (employee_id, kind, first_day, last_day, note) values
      (1, 'licencia_medica', '2024-02-01', '2024-02-05', 'Canaria gripe');
    insert into payroll (employee_id, contract_id, year, month, taxable_total, earnings_total, deductions_total) values
      (1, 1, 2024, 1, 1234567, 1334567, 234567), (3, 2, 2024, 1, 7654321, 7654321, 1654321);
    insert into payroll_items (payroll_id, kind, code, description, amount) values
      (1, 'haber_imponible', 'SUELDO', 'Canaria sueldo', 1234567), (1, 'haber_no_imponible', 'COLACION', 'Canaria colacion', 100001),
      (1, 'descuento', 'PRESTAMO', 'Canaria prestamo', 234567), (2, 'haber_imponible', 'SUELDO', 'Canaria sueldo', 7654321);
    insert into conversations (topic) values ('Canaria tema');
    insert into messages (conversation_id, author, body)
      select id, 'Canaria autora', 'Canaria texto ' || n from conversations, generate_series(1, 3) n;
    insert into central.users (tenant_id, email, full_name) values
      ('acme', 'canaria@acme.cl', 'Canaria Ana'), ('other', 'eva@other.cl', 'Eva');
    ${STRANGE_ROWS}`);
  await admin.query(strangeValues.text, strangeValues.values);
  await admin.query("reset search_path");
});
afterAll(() => platform.close());

const clone = (
  id: string,
  data: TenantClone["data"],
  { from = "acme", masking = rules, ...more }: Partial<TenantSpec & TenantClone> = {},
): Promise<unknown> =>
  provisionTenant(
    platform.ctx,
    spec(id, { clone: { from, data, ...(data === "masked" && { masking }) }, ...more }),
  );

/** Each table's rows as text, less what says whose they are. */
async function contents(id: string): Promise<Record<string, string[]>> {
  const tables = await platform.rows(
    `select c.relname as name, c.oid::regclass::text as quoted,
       (select coalesce(string_agg(format('%L, r.%I::text', a.attname, a.attname), ', '), '') from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attname <> 'tenant_id') as parts
     from pg_class c where c.relnamespace = $1::regnamespace and c.relkind = 'r' order by 1`,
    [`tenant_${id}`],
  );
  const entries: [string, string[]][] = [];
  for (const { name, quoted, parts } of tables) {
    const found = await platform.rows(
      `select jsonb_build_object(${parts as string})::text as line from ${String(quoted)} r order by 1`,
    );
    entries.push([String(name), found.map(({ line }) => String(line))]);
  }
  const users = await platform.rows(
    "select email, full_name, active, created_at::text from central.users where tenant_id = $1 order by 1",
    [id],
  );
  return Object.fromEntries([
    ...entries,
    ["central.users", users.map((row) => JSON.stringify(row))],
  ]);
}

const sequences = (id: string): Promise<unknown> =>
  platform.rows(
    "select sequencename, last_value::text from pg_sequences where schemaname = $1 order by 1",
    [`tenant_${id}`],
  );

test("full: every row of every kind, its own key, its numbers going on", async () => {
  const { ctx, rows, roles } = platform;
  await clone("copy", "full");
  const [source, copy] = [await contents("acme"), await contents("copy")];
  expect(copy).toEqual(source);
  expect(copy['Odd "name"']).toHaveLength(2);
  expect(copy.messages).toHaveLength(3);
  expect(copy["central.users"]).toHaveLength(1);
  expect(await sequences("copy")).toEqual(await sequences("acme"));
  expect(await rows("select distinct tenant_id from tenant_copy.messages")).toEqual([
    { tenant_id: "copy" },
  ]);
  expect(await rows("select count(*)::int from shared.messages where tenant_id = 'copy'")).toEqual([
    { count: 3 },
  ]);
  expect(await readTenant(ctx, "copy")).toMatchObject({
    key: "copy",
    version: 4,
    spec: { state: "active" },
    drift: { rights: [], objects: [] },
    missingPartitions: [],
  });
  const user = await platform.as(roles.user);
  const added = await user.query(
    "insert into tenant_copy.employees (rut, names, surnames) values ('22222222-2', 'x', 'y') returning id",
  );
  expect(added.rows).toEqual([{ id: "4" }]);
  expect(
    await rows("select tenant_id, after from central.audit_log where action = 'tenant.cloned'"),
  ).toEqual([{ tenant_id: "copy", after: { from: "acme", data: "full", version: 4 } }]);
  // The source is as it was.
  expect(await contents("acme")).toEqual(source);
});

test("none: the same tables, empty", async () => {
  await clone("empty", "none");
  expect(Object.values(await contents("empty")).flat()).toEqual([]);
  expect(await readTenant(platform.ctx, "empty")).toMatchObject({
    version: 4,
    drift: { objects: [] },
  });
});

describe("masked", () => {
  beforeAll(() => clone("masked", "masked"));

  test("no value that a rule replaces is anywhere in it", async () => {
    const text = JSON.stringify(await contents("masked"));
    const canaries = [
      "12345678-5",
      "9876543-3",
      "1980-05-17",
      "1234567",
      "7654321",
      "1334567",
      "1654321",
    ];
    for (const canary of [...canaries, "234567", "100001", "licencia_medica", "漢", "long long"])
      expect(text).not.toContain(canary);
    expect(text).not.toMatch(/canaria/i);
    expect(JSON.stringify(await contents("acme"))).toMatch(/canaria/i);
  });

  test("every value of a replaced text column is another one", async () => {
    for (const [table, columns] of Object.entries(rules.tenant))
      for (const [column, rule] of Object.entries(columns)) {
        // A fixed text may well be among them.
        const isFixed = typeof rule === "object" && "text" in rule && !rule.text.includes("{hash}");
        if (typeof rule === "string" || isFixed || column === "at") continue;
        const value = `"${table.replaceAll('"', '""')}"`;
        const name = `"${column}"::text`;
        expect(
          await platform.rows(
            `select ${name} from tenant_masked.${value} where ${name} <> all (array(select ${name} from tenant_acme.${value} where ${name} is not null)) is false`,
          ),
          `${table}.${column}`,
        ).toEqual([]);
      }
  });

  test("as many rows, valid, joined as before, unique where they were", async () => {
    const { rows } = platform;
    const count = (all: Record<string, string[]>): [string, number][] =>
      Object.entries(all).map(([name, found]) => [name, found.length]);
    expect(count(await contents("masked"))).toEqual(count(await contents("acme")));
    expect(
      await rows(
        "select id::int, names ~ '^Nombre [0-9a-f]{16}$' as named, email is null as none from tenant_masked.employees order by 1",
      ),
    ).toEqual([
      { id: 1, named: true, none: false },
      { id: 3, named: true, none: false },
    ]);
    // The same value, the same pseudonym: within a table, and from one to another.
    expect(
      await rows(`select count(distinct names)::int as names, count(distinct author)::int as authors,
          bool_and(u.email = e.email) as joined
        from tenant_masked.employees e, tenant_masked.messages m, central.users u
        where u.tenant_id = 'masked' and e.id = 1`),
    ).toEqual([{ names: 1, authors: 1, joined: true }]);
    const [pay] = await rows(
      `select p.earnings_total::int as earned, p.net_pay::int as net, c.base_salary::int as salary,
         (select sum(amount)::int from tenant_masked.payroll_items i where i.payroll_id = p.id and kind like 'haber%') as items
       from tenant_masked.payroll p join tenant_masked.contracts c on c.id = p.contract_id where p.id = 1`,
    );
    expect(pay?.earned).toBe(pay?.salary);
    expect(Number(pay?.net)).toBe(Number(pay?.earned) - Math.floor(Number(pay?.earned) / 5));
    expect(Number(pay?.earned) - Number(pay?.items)).toBeLessThan(2);
    expect(
      await rows(
        'select list[2] as kept, document::text from tenant_masked."Odd ""name""" where list is not null limit 1',
      ),
    ).toEqual([{ kept: "it's -- no comment", document: "{}" }]);
    expect(await readTenant(platform.ctx, "masked")).toMatchObject({ drift: { objects: [] } });
  });

  test("another clone has other pseudonyms, and forgets its key", async () => {
    await clone("again", "masked");
    const { rows } = platform;
    expect(
      await rows(
        "select names from tenant_again.employees intersect select names from tenant_masked.employees",
      ),
    ).toEqual([]);
    // A clone of a clone is one.
    await clone("third", "masked", { from: "again" });
    expect(
      await rows("select count(*)::int from tenant_third.employees where rut ~ '^[5-9]'"),
    ).toEqual([{ count: 2 }]);
  });
});

describe("refused, before anything is written", () => {
  const without = (table: string, column: string): MaskingRules => {
    const left = Object.entries(rules.tenant[table] ?? {}).filter(([name]) => name !== column);
    return { ...rules, tenant: { ...rules.tenant, [table]: Object.fromEntries(left) } };
  };
  const ruled = (table: string, column: string, rule: MaskRule): MaskingRules => ({
    ...rules,
    tenant: { ...rules.tenant, [table]: { ...rules.tenant[table], [column]: rule } },
  });
  const drops = async (): Promise<void> => {
    expect(await readTenant(platform.ctx, "refused")).toBeUndefined();
    expect(
      await platform.rows("select from pg_namespace where nspname = 'tenant_refused'"),
    ).toEqual([]);
    expect(await platform.rows("select from central.users where tenant_id = 'refused'")).toEqual(
      [],
    );
  };

  test.each([
    [
      "a column without a rule",
      () => without("messages", "body"),
      /messages\.body has no rule.*TNT-428/,
    ],
    [
      "no rules at all: every column is named",
      () => ({ tenant: {}, central: {} }),
      /Odd "name"\.Key has no rule.*employees\.rut has no rule.*parted\.day has no rule.*central\.users\.full_name has no rule.*TNT-428/,
    ],
    [
      "null where none may be",
      () => ruled("employees", "names", "null"),
      /employees\.names may not be null.*TNT-428/,
    ],
    [
      "a pseudonym for what is no text",
      () => ruled("employees", "birth_date", { text: "{hash}" }),
      /employees\.birth_date is no text.*TNT-428/,
    ],
    [
      "one text for a unique column",
      () => ruled("employees", "rut", { text: "1-9" }),
      /employees\.rut is unique.*TNT-428/,
    ],
    [
      "an expression with a mistake",
      () => ruled("employees", "email", { sql: "lower(mail)" }),
      /employees\.email has a rule that PostgreSQL refuses \(column "mail" does not exist\).*TNT-428/,
    ],
    [
      "an expression that masks nothing",
      () => ruled("employees", "email", { sql: "coalesce(email, 'none')" }),
      /employees\.email .*it leaves a value as it is.*TNT-429/,
    ],
    [
      "an expression that fails, without the value",
      () => ruled("contracts", "base_salary", { sql: "position::bigint" }),
      /contracts .*SQLSTATE 22P02.*TNT-429/,
    ],
    [
      "an expression that would write",
      () => ruled("contracts", "base_salary", { sql: "nextval('contracts_id_seq')" }),
      /contracts .*SQLSTATE 25006.*TNT-429/,
    ],
    [
      "a value that breaks a constraint, without the row",
      () => ruled("contracts", "base_salary", { sql: "-base_salary" }),
      /contracts .*"refused" does not take a row \(SQLSTATE 23514, constraint contracts_base_salary_check\).*TNT-430/,
    ],
  ])("%s", async (_, masking, says) => {
    const failure = clone("refused", "masked", { masking: masking() });
    await expect(failure).rejects.toThrow(says);
    await expect(failure).rejects.not.toThrow(/canaria|1234567/i);
    await drops();
  });

  test("a source that is not there, is retired, or was changed by hand; a pin before it", async () => {
    const { ctx, admin } = platform;
    await expect(clone("refused", "none", { from: "nobody" })).rejects.toThrow(/"nobody".*TNT-426/);
    await provisionTenant(ctx, spec("gone", { state: "retired" }));
    await expect(clone("refused", "full", { from: "gone" })).rejects.toThrow(/retired.*TNT-427/);
    await expect(clone("refused", "full", { pin: 3 })).rejects.toThrow(
      /pinned at migration 3.*TNT-710/,
    );
    await admin.query("alter table tenant_other.employees add column by_hand text");
    await expect(clone("refused", "none", { from: "other" })).rejects.toThrow(/by_hand.*TNT-704/);
    await drops();
  });
});

test("one that is there and began otherwise is not taken for it", async () => {
  await clone("once", "full");
  await clone("once", "full", { company: "Renamed" });
  expect(await readTenant(platform.ctx, "once")).toMatchObject({ spec: { company: "Renamed" } });
  await expect(clone("once", "masked")).rejects.toThrow(
    /began as a clone of "acme" with the data full, not as one of "acme" with the data masked.*TNT-431/,
  );
  await expect(clone("acme", "full", { from: "once" })).rejects.toThrow(
    /did not begin as a clone.*TNT-431/,
  );
});

test("the rows are those of one moment, while the source works on", async () => {
  const { ctx, admin, rows } = platform;
  await provisionTenant(ctx, spec("busy"));
  await admin.query(
    "insert into tenant_busy.messages (conversation_id, author, body) values (gen_random_uuid(), 'a', 'before')",
  );
  await admin.query("begin; lock table tenant_busy.contracts in access exclusive mode");
  const cloned = clone("calm", "full", { from: "busy" });
  const waits = `select exists (select from pg_locks where relation = 'tenant_busy.contracts'::regclass and not granted) as waits`;
  await vi.waitFor(
    async () => {
      expect(await rows(waits)).toEqual([{ waits: true }]);
    },
    { timeout: 10_000 },
  );
  await admin.query(
    "insert into tenant_busy.messages (conversation_id, author, body) values (gen_random_uuid(), 'a', 'meanwhile'); commit",
  );
  await cloned;
  expect(await rows("select body from tenant_calm.messages")).toEqual([{ body: "before" }]);
});

test("a failure amid many rows leaves nothing, and nobody waiting", async () => {
  const { ctx, admin, rows } = platform;
  await provisionTenant(ctx, spec("big"));
  await admin.query(
    "insert into tenant_big.conversations (topic) select repeat(n::text, 5000) from generate_series(1, 3000) n",
  );
  const masking = {
    ...rules,
    tenant: {
      ...rules.tenant,
      conversations: {
        ...rules.tenant.conversations,
        updated_at: { sql: "nullif(updated_at, updated_at)" },
      },
    },
  };
  await expect(clone("small", "masked", { from: "big", masking })).rejects.toThrow(
    /conversations .*SQLSTATE 23502.*TNT-430/,
  );
  expect(await rows("select from pg_namespace where nspname = 'tenant_small'")).toEqual([]);
  // The lock of the source is free again.
  await clone("small", "full", { from: "big" });
  expect(await rows("select count(*)::int from tenant_small.conversations")).toEqual([
    { count: 3000 },
  ]);
});
