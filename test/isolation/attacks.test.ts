import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { updateTenant } from "../../src/fleet/update-tenant.ts";
import { startCluster } from "../support/cluster.ts";
import type { TestCluster } from "../support/cluster.ts";
import { pgbouncerMissing, startPgBouncer } from "../support/pgbouncer.ts";
import type { PgBouncer } from "../support/pgbouncer.ts";
import { preparePlatform, spec } from "../support/platform.ts";
import type { Login, TestPlatform } from "../support/platform.ts";
import { ATTACKS } from "./attacks.ts";
import { isolationTable } from "./isolation-table.ts";
import { MODES, outcomeOf, safeSide, unsafeSide } from "./scene.ts";
import type { Mode, Scene, Side } from "./scene.ts";

if (pgbouncerMissing !== undefined)
  process.stderr.write(`The attacks go without a pooler in between: ${pgbouncerMissing}\n`);

const table = isolationTable();
const CANARY = "canario-7f3a";

let cluster: TestCluster;
let platform: TestPlatform;
let neighbour: pg.Client;
const poolers: PgBouncer[] = [];

/** The unsafe side serves the tenants of strict isolation: their roles are there to be taken. */
const tenantsOf = (mode: Mode) => {
  const letter = mode === "shared" ? "d" : "s";
  return { attacker: `${letter}1`, victim: `${letter}2`, shut: `${letter}3` };
};

async function makeTenant(id: string, isolation: "shared" | "strict"): Promise<void> {
  const holds = id.endsWith("1") ? "nothing" : CANARY;
  await provisionTenant(platform.ctx, spec(id, { isolation, company: `Company ${holds}` }));
  await platform.admin.query(`
    insert into tenant_${id}.employees (rut, names, surnames, birth_date)
      values ('1-9', '${holds}', 'x', '1990-01-01'), ('2-7', '${holds}', 'x', '1990-01-01');
    insert into tenant_${id}.conversations (topic) values ('${holds}');
    insert into central.users (tenant_id, email, full_name) values ('${id}', '${holds}@${id}.cl', 'x');
    analyze tenant_${id}.employees;
    select setval('tenant_${id}.employees_id_seq', ${id.endsWith("1") ? 1000 : 98_765_432});
  `);
}

beforeAll(async () => {
  cluster = await startCluster();
  platform = await preparePlatform(cluster);
  for (const [letter, isolation] of [
    ["d", "shared"],
    ["s", "strict"],
  ] as const) {
    for (const number of [1, 2, 3]) await makeTenant(`${letter}${number}`, isolation);
    await updateTenant(platform.ctx, spec(`${letter}3`, { isolation, state: "suspended" }));
  }
  await platform.admin.query(`
    create table public.employees as table tenant_s2.employees;
    grant select on public.employees to public;
  `);
  neighbour = await platform.as(platform.roles.user);
});
afterAll(async () => {
  await Promise.all(poolers.map((pooler) => pooler.stop()));
  await platform.close();
  await cluster.stop();
});

/** Through a pooler with one server connection, where there is one. */
async function through(login: Login): Promise<Login> {
  if (pgbouncerMissing !== undefined) return login;
  const pooler = await startPgBouncer(login, "transaction");
  poolers.push(pooler);
  return pooler.through(login);
}

test("the page names exactly the attacks there are", () => {
  expect(table.map(({ attack }) => attack)).toEqual(Object.keys(ATTACKS));
});

test("each attack can succeed: it does where nothing guards", () => {
  expect(table.filter(({ outcomes }) => outcomes.unsafe !== "**succeeds**")).toEqual([]);
});

describe.each(MODES)("%s", (mode) => {
  let side: Side;
  let login: Login;
  beforeAll(async () => {
    const { host, port, user, password } = cluster;
    const superuser = { host, port, user, password, database: platform.database };
    login = await through(mode === "unsafe" ? superuser : platform.login(platform.roles.user));
  });

  test.each(table.map((row) => [row.attack, row.outcomes[mode]] as const))(
    "%s: %s",
    async (attack, expected) => {
      side = mode === "unsafe" ? await unsafeSide(login) : safeSide(login, mode);
      const { admin } = platform;
      const scene: Omit<Scene, "see" | "elsewhere"> = {
        ...{ side, admin, neighbour, canary: CANARY, owner: platform.roles.owner },
        ...tenantsOf(mode),
      };
      try {
        const { outcome, error } = await outcomeOf(ATTACKS[attack]!, scene);
        // A surprise shows why.
        expect(outcome === expected ? { outcome } : { outcome, error }).toEqual({
          outcome: expected,
        });
      } finally {
        await side.end();
      }
    },
  );
});
