import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import pg from "pg";
import postgres from "postgres";
import { asAdministrator } from "../src/cli/administrator.ts";
import { provisionTenant } from "../src/fleet/provision-tenant.ts";
import { createTenantPool } from "../src/runtime/index.ts";
import { POOL_DEFAULTS } from "../src/runtime/pool-options.ts";
import { assertStatement, enterStatements } from "../src/runtime/scope-statements.ts";
import { timed } from "./figure.ts";
import type { Figure } from "./figure.ts";
import type { ScratchStack } from "./scratch-stack.ts";

/** Taking turns: a connection of an application serves one tenant after another. */
const IDS = ["bench_scope", "bench_turn"] as const;
const ROUNDS = 2000;
const WARM_UP = 300;
const AGAINST = {
  bare: "the bare read",
  oneTrip: "pg's pipeline, one round trip",
  twoTrips: "pg's pipeline, two round trips",
  other: "the same by postgres.js",
} as const;
/** Scopes for the figure about memory. */
const MANY = 100_000;

/**
 * A read of one row for one tenant: bare, by the library, by `pg` alone with as many round trips and no more than a
 * transaction and its search_path, and by postgres.js.
 */
export async function benchScope({ root }: ScratchStack): Promise<Figure[]> {
  await asAdministrator({ stack: "dev", root }, async (context) => {
    for (const id of IDS)
      await provisionTenant(context, { id, company: id, state: "active", isolation: "shared" });
  });
  const login = readLogin(root);
  const pool = createTenantPool({ ...login, max: 1 });
  const bare = new pg.Client(login);
  await bare.connect();
  const pipe = new pg.Client({ ...login, pipeline: true });
  await pipe.connect();
  const sql = postgres({ ...login, username: login.user, max: 1, onnotice: () => undefined });
  const text = "select * from employees where id = $1";
  const opening = (id: string) => [
    pipe.query("begin"),
    pipe.query("select set_config('search_path', $1, true)", [`tenant_${id}`]),
    pipe.query(text, [1]),
  ];
  const ways = {
    bare: (id: string) => bare.query(`select * from tenant_${id}.employees where id = $1`, [1]),
    oneTrip: (id: string) => Promise.all([...opening(id), pipe.query("commit")]),
    twoTrips: (id: string) => Promise.all(opening(id)).then(() => pipe.query("commit")),
    statement: (id: string) => pool.tenantQuery(id, text, [1]),
    scope: (id: string) => pool.withTenant(id, (tx) => tx.query(text, [1])),
    other: (id: string) => {
      const target = { tenant: id, isolation: "shared" } as const;
      const enter = enterStatements(target, POOL_DEFAULTS);
      const assert = assertStatement(target);
      return sql.begin(async (tx) => {
        for (const step of enter) await tx.unsafe(step.text, [...(step.values ?? [])]);
        const rows = await tx`select * from employees where id = ${1}`;
        await tx.unsafe(assert.text, [...(assert.values ?? [])]);
        return rows;
      });
    },
  };
  const times = await takeTurns(ways);
  const growth = await growthOver(MANY, () => ways.statement(IDS[0]));
  await Promise.all([pool.end(), bare.end(), pipe.end(), sql.end()]);
  const compare = (
    name: string,
    seconds: number,
    against: keyof typeof AGAINST,
    limit: number,
  ) => ({
    name,
    seconds,
    against: AGAINST[against],
    ratio: seconds / times[against],
    limit,
  });
  return [
    { name: "read of one row by bare pg", seconds: times.bare },
    compare("tenantQuery of one row", times.statement, "bare", 1.6),
    compare("tenantQuery of one row", times.statement, "oneTrip", 1.2),
    compare("withTenant and one row", times.scope, "bare", 2.5),
    compare("withTenant and one row", times.scope, "twoTrips", 1.5),
    compare("withTenant and one row", times.scope, "other", 1),
    {
      name: `${MANY} scopes, memory after and before`,
      seconds: growth.seconds,
      against: "the same heap",
      ratio: growth.ratio,
      limit: 1.1,
    },
  ];
}

/** What `npx tenantry env` says. */
function readLogin(root: string) {
  const { stdout } = spawnSync(process.execPath, [join("bin", "tenantry.js"), "env"], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, TENANTRY_STACK: "dev" },
  });
  const value = (name: string): string => new RegExp(`^${name}=(.*)$`, "m").exec(stdout)?.[1] ?? "";
  return {
    host: value("DB_HOST"),
    port: Number(value("DB_PORT")),
    database: value("DB_NAME"),
    user: value("DB_USER"),
    password: value("DB_PASSWORD"),
  };
}

/** The middle time of each way, in seconds. Taking turns gives all the same neighbours. */
async function takeTurns<Name extends string>(
  ways: Record<Name, (id: string) => Promise<unknown>>,
): Promise<Record<Name, number>> {
  const entries = Object.entries(ways) as [Name, (id: string) => Promise<unknown>][];
  const times = new Map<Name, number[]>(entries.map(([name]) => [name, []]));
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1)
    for (const [name, work] of entries) {
      const id = IDS[round % IDS.length] ?? IDS[0];
      const seconds = await timed(() => work(id));
      if (round >= WARM_UP) times.get(name)?.push(seconds);
    }
  return Object.fromEntries(
    [...times].map(([name, values]) => [name, values.toSorted((a, b) => a - b)[ROUNDS / 2] ?? 0]),
  ) as Record<Name, number>;
}

/** How much larger the heap is after so many repetitions than after the first tenth of them. */
async function growthOver(
  times: number,
  work: () => Promise<unknown>,
): Promise<{ seconds: number; ratio: number }> {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const heap = (): number => {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const repeat = async (count: number): Promise<void> => {
    for (let round = 0; round < count; round += 1) await work();
  };
  await repeat(times / 10);
  const before = heap();
  const seconds = await timed(() => repeat(times));
  return { seconds, ratio: heap() / before };
}
