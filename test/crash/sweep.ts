import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DeclaredTenant } from "../../src/core/tenant.ts";
import { preview, up } from "../../src/engine/local-engine.ts";
import { examineFleet } from "../../src/fleet/examine-fleet.ts";
import { migrationChecksums } from "../../src/fleet/migration-checksums.ts";
import { startCluster } from "../support/cluster.ts";
import type { TestCluster } from "../support/cluster.ts";
import { fleetOptions, fleetProgram, fleetProject } from "../support/fleet-stack.ts";
import type { DeclaredFleet } from "../support/fleet-stack.ts";
import { HaltingProxy } from "../support/halting-proxy.ts";
import type { Moment } from "../support/halting-proxy.ts";
import { momentOf, momentsOf } from "../support/moments.ts";
import type { Moments } from "../support/moments.ts";
import { copySqlDirectory, preparePlatform } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";
import { childrenOf, killIfThere } from "../support/processes.ts";
import { TRANSITIONS } from "../support/transitions.ts";
import type { Life, Transition } from "../support/transitions.ts";

/** Who is killed. */
type Victim = "engine" | "plugin" | "server";

const ENGINE = join(import.meta.dirname, "..", "support", "fleet-engine.ts");

/**
 * How many tenants live through all transitions. Each is interrupted once in each life, until it was so at all of its
 * moments.
 */
const LIVES = Number(process.env.TENANTRY_CRASH_LIVES ?? 5);

/** How many of them share a database, at most: each leaves a tenant and a migration there. */
const GENERATION = 10;

/** What every tenant holds from its creation on. */
const ROWS = { employees: 2, conversations: 3, users: 1 };

/** A tenant as the database has it; undefined when it is not there. */
interface Found {
  readonly id: string;
  readonly state: string;
  readonly rows: typeof ROWS;
}

/**
 * Kills one of those that take part, at moments of each transition of a tenant's life, and proves after each that no row
 * is lost, and that the next `up` finishes what was begun.
 *
 * @param share which of the moments, when not all are taken: from 0 to 1
 */
export function sweep(victim: Victim, isolation: Life["isolation"], share: number): void {
  let cluster: TestCluster;
  let platform: TestPlatform;
  let proxy: HaltingProxy;
  let pool: pg.Pool;
  let root: string;
  let sqlDirectory: string;
  let planned = 0;
  let interrupted = 0;
  let isBroken = false;
  const recorded = new Map<string, Moments>();
  const past: Life[] = [];

  beforeAll(async () => {
    // What a commit said must be there after a crash.
    cluster = await startCluster({ settings: { synchronous_commit: "on" } });
    proxy = await HaltingProxy.start(cluster);
    await makeStack();
  });
  afterAll(async () => {
    await proxy.close();
    await platform.close();
    await cluster.stop();
  });

  /** Makes a database and a stack for the lives to come. */
  async function makeStack(): Promise<void> {
    sqlDirectory = copySqlDirectory();
    platform = await preparePlatform(cluster, { sqlDirectory });
    pool = cluster.pool({ database: platform.database });
    root = fleetProject(sqlDirectory);
    past.length = 0;
    await up(
      fleetOptions(root),
      fleetProgram(declared({ name: "begin", tenants: () => [] }, life(0))),
    );
  }

  const rows = async (sql: string, values: unknown[] = []) =>
    (await pool.query<Record<string, unknown>>(sql, values)).rows;

  const declared = (transition: Transition, life: Life): DeclaredFleet => {
    const { ctx, database, roles } = platform;
    const { user, password } = cluster;
    const { host, port } = proxy;
    return {
      configuration: {
        ...{ host, port, user, password, database, roles: { ...roles } },
        ...{ stack: ctx.stack, partitionKey: ctx.partitionKey, archives: ctx.archives.place },
        disposable: false,
      },
      tenants: [
        ...past.map(({ renamed }) => ({
          ...{ id: renamed, isolation, company: "A Company", state: "active" as const },
        })),
        ...transition.tenants(life),
      ],
      migrations: migrationChecksums(sqlDirectory, "tenant"),
    };
  };

  /** Runs `up` until it ends, or until the victim is killed. @returns whether that came to pass */
  async function upTo(fleet: DeclaredFleet, moment: Moment | undefined): Promise<boolean> {
    const halted = proxy.watch(moment).then(() => "halted" as const);
    const [ended, pid] = victim === "engine" && moment ? inChild(fleet) : inThisProcess(fleet);
    const outcome = await Promise.race([halted, ended]);
    if (outcome !== "halted") {
      if (outcome instanceof Error) throw outcome;
      return false;
    }
    if (victim === "engine") killIfThere(pid);
    else if (victim === "server") await cluster.crash();
    else for (const plugin of pluginsOf(pid)) killIfThere(plugin);
    proxy.release();
    await ended;
    return true;
  }

  const inThisProcess = (fleet: DeclaredFleet) =>
    [
      up(fleetOptions(root), fleetProgram(fleet)).then(
        () => undefined,
        (error: unknown) => error as Error,
      ),
      process.pid,
    ] as const;

  const inChild = (fleet: DeclaredFleet) => {
    const child = spawn(process.execPath, [ENGINE, root, JSON.stringify(fleet)], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let words = "";
    child.stderr.on("data", (data: Buffer) => (words += data.toString()));
    const ended = once(child, "close").then(([code]) =>
      code === 0 ? undefined : new Error(`the engine ended: ${words}`),
    );
    return [ended, child.pid ?? 0] as const;
  };

  /** Whatever it is called by now; one that was restored has a key of its own. */
  const find = async ({ id: first, renamed }: Life): Promise<Found | undefined> => {
    const [row] = await rows("select id, state from tenantry.registry where id in ($1, $2)", [
      first,
      renamed,
    ]);
    if (row === undefined) return undefined;
    const id = row.id as string;
    const [counts] = await rows(
      `select (select count(*)::int from tenant_${id}.employees) as employees,
         (select count(*)::int from tenant_${id}.conversations) as conversations,
         (select count(*)::int from central.users where tenant_id = $1) as users`,
      [id],
    );
    return { id, state: row.state as string, rows: counts as unknown as typeof ROWS };
  };

  /** What holds at any time. */
  async function expectSound(): Promise<void> {
    const disagreeing = `select r.id, n.nspname from tenantry.registry r
      full join (select nspname, oid from pg_namespace where nspname ~ '^tenant_') n
        on n.oid = r.schema_oid and n.nspname = r.schema_name
      where r.id is null or n.oid is null`;
    expect(await rows(disagreeing)).toEqual([]);
    expect(await rows("select nspname from pg_namespace where nspname ~ 'proof'")).toEqual([]);
    const unproven = `select r.id from tenantry.registry r where r.state = 'retired' and not exists
      (select from tenantry.archives a where a.tenant_key = r.key and a.verified_at is not null)`;
    expect(await rows(unproven)).toEqual([]);
    const booked = await rows("select location, checksum from tenantry.archives");
    for (const { location, checksum } of booked)
      expect(
        createHash("sha256")
          .update(readFileSync(location as string))
          .digest("hex"),
      ).toBe(checksum);
  }

  /** What holds once `up` has ended well. */
  async function expectFinished(fleet: DeclaredFleet): Promise<void> {
    expect((await preview(fleetOptions(root), fleetProgram(fleet))).changes).toEqual({
      same: fleet.tenants.length + 3,
    });
    // A whole archive may be there that was never noted: nothing counts on it, and nothing touches it.
    const { findings } = await examineFleet(platform.ctx);
    expect(findings.filter(({ code }) => code !== "DOC-16")).toEqual([]);
    await expectSound();
    const archives = platform.ctx.archives.place;
    const files = existsSync(archives) ? readdirSync(archives) : [];
    expect(files.filter((name) => !name.endsWith(".tar.zst"))).toEqual([]);
    const locks = "select objid from pg_locks where locktype = 'advisory'";
    const deadline = performance.now() + 20_000;
    while ((await rows(locks)).length > 0 && performance.now() < deadline) await sleep(20);
    expect(await rows(locks)).toEqual([]);
    const state = join(root, "state", ".pulumi");
    const left = readdirSync(state, { recursive: true, encoding: "utf8" });
    expect(left.filter((name) => /journal|locks\/.*json$/.test(name))).toEqual([]);
  }

  async function pass(
    transition: Transition,
    life: Life,
    moment: Moment | undefined,
  ): Promise<void> {
    const before = await find(life);
    const [tenant] = transition.tenants(life);
    if (transition.migrates === true) addMigration(sqlDirectory);
    const fleet = declared(transition, life);
    const wasKilled = await upTo(fleet, moment);
    if (wasKilled) {
      interrupted += 1;
      // A plugin whose engine was killed may still be at it.
      if (victim !== "engine") await expectOldOrNew(life, before, tenant);
      await upTo(fleet, undefined);
    } else if (moment === undefined) {
      if (!recorded.has(transition.name))
        recorded.set(transition.name, momentsOf(proxy.statements));
    } else {
      // Not every life says all that the first one said: a later one finds more tenants there.
      const said = proxy.statements.filter((statement) => statement === moment.statement);
      expect(said.length).toBeLessThanOrEqual(moment.earlier);
    }
    await expectFinished(fleet);
    const after = await find(life);
    if (transition.name === "create") await fill(life.id);
    else if (tenant === undefined) expect(after).toBeUndefined();
    else expect(after).toEqual({ id: tenant.id, state: tenant.state, rows: ROWS });
    for (const other of past) expect(await find(other)).toMatchObject({ rows: ROWS });
  }

  /** @param goal what is declared now; undefined for a tenant that is to go */
  async function expectOldOrNew(
    life: Life,
    before: Found | undefined,
    goal: DeclaredTenant | undefined,
  ): Promise<void> {
    await expectSound();
    const found = await find(life);
    if (found === undefined) {
      expect([before, goal]).toContain(undefined);
      return;
    }
    if (before !== undefined) expect(found.rows).toEqual(ROWS);
    expect([before?.id, goal?.id]).toContain(found.id);
    // Retiring and restoring lead over `suspended`.
    const between = goal?.state === "retired" || goal?.restore !== undefined ? ["suspended"] : [];
    expect([before?.state, goal?.state, ...between]).toContain(found.state);
  }

  const fill = (id: string) =>
    rows(`with
      e as (insert into tenant_${id}.employees (rut, names, surnames)
        values ('12345678-5', 'Ana', 'Rojas'), ('11111111-1', 'Eva', 'Soto')),
      c as (insert into tenant_${id}.conversations (topic) values ('a'), ('b'), ('c'))
      insert into central.users (tenant_id, email, full_name) values ('${id}', '${id}@x.cl', 'Ana')`);

  const life = (number: number): Life => ({
    ...{ id: `life${number}`, renamed: `moved${number}`, isolation, archive: "none" },
  });

  const newestArchive = async (id: string): Promise<string> => {
    const [archive] = await rows(
      "select location from tenantry.archives where tenant_id = $1 order by archive desc limit 1",
      [id],
    );
    return String(archive?.location);
  };

  /** @returns how many transitions had a moment to be interrupted at */
  const live = async (number: number): Promise<number> => {
    const { renamed } = life(number);
    let met = 0;
    for (const transition of TRANSITIONS) {
      const now = { ...life(number), archive: await newestArchive(renamed) };
      const moments = recorded.get(transition.name);
      const moment = moments && momentOf(moments, number - 1, { lives: LIVES, share });
      if (moment) met += 1;
      try {
        await pass(transition, now, moment);
      } catch (cause) {
        const { statement = "", side = "" } = moment ?? {};
        throw new Error(
          `${transition.name} of life ${number}, ${victim} killed ${side} ${statement.slice(0, 200)}: ${(cause as Error).message}`,
          { cause },
        );
      }
    }
    past.push(life(number));
    return met;
  };

  const slow = { timeout: 300_000 };
  test(`the life of a tenant that nothing interrupts`, slow, async () => {
    expect(await live(0)).toBe(0);
    expect(recorded.size).toBe(TRANSITIONS.length);
  });
  test.each(Array.from({ length: LIVES }, (_, index) => index + 1))(
    `life %i, in which each transition meets kill -9 of the ${victim}, loses nothing and goes on`,
    slow,
    async (number) => {
      if (isBroken || past.length > GENERATION) {
        proxy.release();
        await Promise.all([platform.close(), pool.end()]);
        await makeStack();
      }
      // The others go on from a new beginning when it fails.
      isBroken = true;
      planned += await live(number);
      isBroken = false;
    },
  );
  test("nearly every moment came", () => {
    expect(interrupted).toBeGreaterThan(0.8 * planned);
  });
}

/** The next migration of sql/tenant. */
function addMigration(sqlDirectory: string): void {
  const directory = join(sqlDirectory, "tenant");
  const number = readdirSync(directory).length + 1;
  const name = `${String(number).padStart(3, "0")}_more.sql`;
  writeFileSync(join(directory, name), `create table more_${number} (id int primary key);\n`);
}

const pluginsOf = (engine: number): number[] =>
  childrenOf(engine)
    .filter(({ command }) => command.includes("pulumi-resource-tenantry"))
    .map(({ pid }) => pid);
