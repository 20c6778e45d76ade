import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { sharedCluster } from "../support/cluster.ts";
import { preparePlatform, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

let platform: TestPlatform;
beforeAll(async () => {
  platform = await preparePlatform(await sharedCluster());
  await provisionTenant(platform.ctx, spec("x"));
  await platform.admin.query("set search_path = tenant_x");
});
afterAll(() => platform.close());

const CHECK = "23514";
const run = async (sql: string): Promise<string> =>
  platform.admin.query(sql).then(
    () => "accepted",
    (error: unknown) => (error as { code: string }).code,
  );
const hire = (rut: string) =>
  run(`insert into employees (rut, names, surnames) values ('${rut}', 'Ana', 'Rojas')`);

/** The check digit as the Registro Civil describes it, written apart from the SQL. */
function checkDigit(number: number): string {
  let [sum, weight] = [0, 2];
  for (let rest = number; rest > 0; rest = Math.floor(rest / 10)) {
    sum += (rest % 10) * weight;
    weight = weight === 7 ? 2 : weight + 1;
  }
  const digit = 11 - (sum % 11);
  return digit === 11 ? "0" : digit === 10 ? "K" : String(digit);
}

describe("employees.rut", () => {
  it.each(["12345678-5", "6-K", "1000005-K", "30686957-4", "7654321-6"])("accepts %s", async (rut) => {
    expect(await hire(rut)).toBe("accepted");
  });

  it.each(["12345678-6", "6-k", "12.345.678-5", "012345678-5", "12345678", "-5", "123456789-2", ""])(
    "refuses %j",
    async (rut) => {
      expect(await hire(rut)).toBe(CHECK);
    },
  );

  it("accepts exactly one check digit", async () => {
    const { rows } = await platform.admin.query<{ definition: string }>(
      "select string_agg(pg_get_expr(conbin, conrelid), ' and ') as definition from pg_constraint where conname = 'employees_rut_valid'",
    );
    const numbers = fc.sample(fc.integer({ min: 1, max: 99_999_999 }), 300);
    const accepted = await platform.admin.query<{ rut: string }>(
      `select rut from unnest($1::int[]) n, unnest(string_to_array('0123456789K', null)) d, lateral (select n || '-' || d as rut) r where ${rows[0]!.definition}`,
      [numbers],
    );
    expect(accepted.rows.map(({ rut }) => rut).sort()).toEqual(
      numbers.map((number) => `${number}-${checkDigit(number)}`).sort(),
    );
  });

  it("keeps one employee a RUT", async () => {
    expect(await hire("12345678-5")).toBe("23505");
  });
});

describe("contracts and payroll", () => {
  it("keeps months, amounts and dates within reason", async () => {
    const contract = (rest: string) =>
      run(
        `insert into contracts (employee_id, kind, position, fecha_inicio, fecha_termino, base_salary) values (1, ${rest})`,
      );
    expect(await contract("'indefinido', 'chofer', '2026-01-01', null, 600000")).toBe("accepted");
    expect(await contract("'indefinido', 'chofer', '2026-01-02', '2026-01-01', 600000")).toBe(CHECK);
    expect(await contract("'plazo_fijo', 'chofer', '2026-01-01', null, 600000")).toBe(CHECK);
    expect(await contract("'indefinido', 'chofer', '2026-01-01', null, -1")).toBe(CHECK);
    const pay = (year: number, month: number) =>
      run(
        `insert into payroll (employee_id, contract_id, year, month, earnings_total, deductions_total) values (1, 1, ${year}, ${month}, 600000, 120000)`,
      );
    expect(await pay(2026, 1)).toBe("accepted");
    expect(await pay(2026, 1)).toBe("23505");
    expect(await pay(2026, 13)).toBe(CHECK);
    expect(await pay(2026, 0)).toBe(CHECK);
    expect((await platform.rows("select net_pay::int from payroll"))).toEqual([{ net_pay: 480000 }]);
    expect(await run("insert into payroll_items (payroll_id, kind, code, description, amount) values (1, 'descuento_legal', 'AFP', 'AFP', 72000)")).toBe("accepted");
    expect(await run("insert into payroll_items (payroll_id, kind, code, description, amount) values (1, 'otro', 'X', 'X', 1)")).toBe(CHECK);
    expect(await run("insert into absences (employee_id, kind, first_day, last_day) values (1, 'vacaciones', '2026-02-01', '2026-02-15')")).toBe("accepted");
  });

  it("refers to nothing outside of its schema", async () => {
    expect(
      await platform.rows(
        "select conname from pg_constraint c join pg_class r on r.oid = c.confrelid where c.connamespace = 'tenant_x'::regnamespace and r.relnamespace <> c.connamespace",
      ),
    ).toEqual([]);
  });

  it("describes every table of the project", async () => {
    expect(
      await platform.rows(
        `select c.oid::regclass::text as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname in ('tenantry', 'central', 'parametros', 'shared', 'tenant_x') and c.relkind in ('r', 'p')
           and not (c.relispartition and n.nspname = 'tenant_x')
           and obj_description(c.oid, 'pg_class') is null`,
      ),
    ).toEqual([]);
  });
});
