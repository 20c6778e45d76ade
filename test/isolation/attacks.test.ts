import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPartitions } from "../../src/fleet/partitions/create-partitions.ts";
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
import type { IsolationRow } from "./isolation-table.ts";
import { TURNS, outcomeOf, safeSide, unsafeSide } from "./scene.ts";
import type { Outcome, Scene } from "./scene.ts";

if (pgbouncerMissing !== undefined)
  process.stderr.write(`The attacks go without a pooler in between: ${pgbouncerMissing}\n`);

const table = isolationTable();
const CANARY = "canario-7f3a";

let cluster: TestCluster;
/** The database with tenant schemas, and the one without. */
let schemas: TestPlatform;
let values: TestPlatform;
const poolers: PgBouncer[] = [];

/** Where attacks are carried out: nothing guards with tenant schemas and without; and then each mode. */
const PLACES = [
  { name: "unsafe", mode: "unsafe", letter: "s" },
  { name: "unsafe, without tenant schemas", mode: "unsafe", letter: "v" },
  { name: "shared", mode: "shared", letter: "d" },
  { name: "strict", mode: "strict", letter: "s" },
  { name: "partitions-only", mode: "partitions-only", letter: "v" },
] as const;
type Place = (typeof PLACES)[number];

const ISOLATIONS = { shared: "shared", strict: "strict", "partitions-only": "partitions" } as const;
const holds = (id: string): string => (id.endsWith("1") ? "nothing" : CANARY);
const ids = (letter: Place["letter"]): string[] => [1, 2, 3].map((number) => `${letter}${number}`);

/** The unsafe side serves the tenants of strict isolation: their roles are there to be taken. */
function sceneOf({ mode, letter }: Place) {
  const [attacker = "", victim = "", shut = ""] = ids(letter);
  return {
    ...{ attacker, victim, shut, canary: CANARY },
    table: mode === "unsafe" ? "shared.conversations" : "conversations",
    theirs:
      letter === "v" ? `partitions."conversations/${victim}"` : `tenant_${victim}.conversations`,
  };
}

async function makeTenant(id: string, isolation: "shared" | "strict"): Promise<void> {
  await provisionTenant(schemas.ctx, spec(id, { isolation, company: `Company ${holds(id)}` }));
  await schemas.admin.query(`
    insert into tenant_${id}.conversations (topic) values ('${holds(id)}'), ('${holds(id)}');
    insert into central.users (tenant_id, email, full_name) values ('${id}', '${holds(id)}@${id}.cl', 'x');
    analyze tenant_${id}.conversations;
    select setval('tenant_${id}.employees_id_seq', ${id.endsWith("1") ? 1000 : 98_765_432});
  `);
}

/** A table of the name that everybody may read, where a scope looks last. */
const TRAP = `
  create table public.conversations as select '${CANARY}' as topic;
  grant select on public.conversations to public`;

beforeAll(async () => {
  cluster = await startCluster();
  schemas = await preparePlatform(cluster);
  for (const [letter, isolation] of [
    ["d", "shared"],
    ["s", "strict"],
  ] as const) {
    for (const id of ids(letter)) await makeTenant(id, isolation);
    await updateTenant(schemas.ctx, spec(`${letter}3`, { isolation, state: "suspended" }));
  }
  values = await preparePlatform(cluster, { partitions: "values" });
  for (const id of ids("v")) {
    await createPartitions({ ...values.ctx, placement: "values" }, id);
    await values.admin.query(`
      insert into shared.conversations (tenant_id, topic) values ('${id}', '${holds(id)}'), ('${id}', '${holds(id)}');
      analyze partitions."conversations/${id}"`);
  }
  for (const { admin } of [schemas, values]) await admin.query(TRAP);
});
afterAll(async () => {
  await Promise.all(poolers.map((pooler) => pooler.stop()));
  await schemas.close();
  await values.close();
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

describe.each(PLACES)("$name", (place) => {
  const { mode, letter } = place;
  /** Without tenant schemas some of it is not there to be attacked, whether anything guards or not. */
  const expectedOf = ({ outcomes }: IsolationRow): Outcome => {
    const missing = letter === "v" && outcomes["partitions-only"] === "no such thing";
    return missing ? "no such thing" : outcomes[mode];
  };
  let platform: TestPlatform;
  let neighbour: pg.Client;
  let login: Login;
  beforeAll(async () => {
    platform = letter === "v" ? values : schemas;
    neighbour = await platform.as(platform.roles.user);
    const { host, port, user, password } = cluster;
    const superuser = { host, port, user, password, database: platform.database };
    login = await through(mode === "unsafe" ? superuser : platform.login(platform.roles.user));
  });

  test.each(table.map((row) => [row.attack, expectedOf(row)] as const))(
    "%s: %s",
    async (attack, expected) => {
      const side =
        mode === "unsafe"
          ? await unsafeSide(login, letter === "v" ? TURNS.setting : TURNS.path)
          : safeSide(login, ISOLATIONS[mode]);
      const scene: Omit<Scene, "see" | "elsewhere"> = {
        ...{ side, admin: platform.admin, neighbour, owner: platform.roles.owner },
        ...sceneOf(place),
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
