import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { TENANT_ID } from "../../src/core/names.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { renameTenant } from "../../src/fleet/rename-tenant.ts";
import { retireTenant } from "../../src/fleet/retire-tenant.ts";
import { updateTenant } from "../../src/fleet/update-tenant.ts";
import { createTenantPool, currentTenant, tenantQuery } from "../../src/runtime/index.ts";
import type { ScopeTransaction, TenantPool, TenantPoolOptions } from "../../src/runtime/index.ts";
import { sharedCluster } from "../support/cluster.ts";
import { preparePlatform, smallSqlDirectory, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

let platform: TestPlatform;
let suffix: string;
const pools: TenantPool[] = [];

/** An id that no other test file uses: a strict tenant's role belongs to the whole cluster. */
const id = (name: string): string => `${name}_${suffix}`;

const open = (options: TenantPoolOptions = {}): TenantPool => {
  const pool = createTenantPool({ ...platform.login(platform.roles.user), max: 1, ...options });
  pools.push(pool);
  return pool;
};

const code = (expected: string): unknown => expect.objectContaining({ code: expected });

/** A tenant with one note, which says whose it is. */
async function make(name: string, isolation: "shared" | "strict" = "shared"): Promise<string> {
  const tenant = id(name);
  await provisionTenant(platform.ctx, spec(tenant, { isolation }));
  await platform.admin.query(`insert into tenant_${tenant}.notes (text) values ('${tenant}')`);
  return tenant;
}

const canary = async (tx: ScopeTransaction): Promise<unknown[]> =>
  (await tx.query<{ text: string }>("select text from notes order by id")).rows.map(
    ({ text }) => text,
  );

const backend = async (tx: ScopeTransaction): Promise<number> =>
  (await tx.query<{ pid: number }>("select pg_backend_pid() as pid")).rows[0]!.pid;

beforeAll(async () => {
  const sqlDirectory = smallSqlDirectory();
  writeFileSync(
    join(sqlDirectory, "tenant", "001_notes.sql"),
    "create table notes (id bigint generated always as identity primary key, text text);",
  );
  platform = await preparePlatform(await sharedCluster(), { sqlDirectory });
  suffix = platform.database.slice(-6);
  for (const name of ["a", "b"]) await make(name);
  for (const name of ["s", "t"]) await make(name, "strict");
});
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.end()));
});
afterAll(() => platform.close());

describe.each(["shared", "strict"] as const)("%s isolation", (isolation) => {
  const [one, other] = isolation === "shared" ? ["a", "b"] : ["s", "t"];

  test("scopes of two tenants take turns on one connection, and each sees its own rows", async () => {
    const pool = open({ isolation });
    const seen = [];
    for (const name of [one, other, one])
      seen.push(
        await pool.withTenant(id(name), async (tx) => [await canary(tx), await backend(tx)]),
      );
    const [first, second, third] = seen as [unknown[], number][];
    expect([first![0], second![0], third![0]]).toEqual([[id(one)], [id(other)], [id(one)]]);
    expect(new Set([first![1], second![1], third![1]]).size).toBe(1);
    expect((await pool.tenantQuery(id(other), "select text from notes")).rows).toEqual([
      { text: id(other) },
    ]);
  });

  test("400 interleaved scopes over 4 connections: failures and all, none sees another's row", async () => {
    const pool = open({ isolation, max: 4, connectionTimeoutMillis: 0 });
    const outcomes = await Promise.all(
      Array.from({ length: 400 }, async (_, index) => {
        const tenant = id(index % 2 === 0 ? one : other);
        const kind = index % 5;
        try {
          if (kind === 0)
            return (
              await pool.tenantQuery<{ text: string }>(tenant, "select text from notes where $1", [
                true,
              ])
            ).rows.every(({ text }) => text === tenant);
          return await pool.withTenant(tenant, async (tx) => {
            if (kind === 1) await tx.query("insert into notes (text) values ('taken back')");
            if (kind === 2) await tx.query("select 1 / 0");
            const rows = await canary(tx);
            if (kind === 1) throw new Error("on purpose");
            return rows.length === 1 && rows[0] === tenant;
          });
        } catch (error) {
          return kind === 1 ? (error as Error).message === "on purpose" : kind === 2;
        }
      }),
    );
    expect(outcomes.filter((outcome) => !outcome)).toEqual([]);
  });

  test("a tenant of the other isolation is refused", async () => {
    const pool = open({ isolation: isolation === "shared" ? "strict" : "shared" });
    await expect(pool.withTenant(id(one), canary)).rejects.toEqual(code("TNT-807"));
  });
});

describe("a tenant that cannot be entered", () => {
  test("is told apart: not there, suspended, retired, renamed; the work sees the same error", async () => {
    for (const name of ["sleeps", "leaves", "moves"]) await make(name);
    await updateTenant(platform.ctx, spec(id("sleeps"), { state: "suspended" }));
    await retireTenant(platform.ctx, spec(id("leaves"), { state: "retired" }));
    await renameTenant(platform.ctx, id("moves"), id("moved"));
    const pool = open();
    for (const [name, expected] of Object.entries({
      nobody: "TNT-803",
      sleeps: "TNT-804",
      leaves: "TNT-805",
      moves: "TNT-806",
    })) {
      const seen: unknown[] = [];
      const work = (tx: ScopeTransaction) =>
        Promise.all(
          ["select 1", "select 2"].map(async (sql) => {
            await tx.query(sql).catch((error: unknown) => seen.push(error));
          }),
        );
      await expect(pool.withTenant(id(name), work)).rejects.toEqual(code(expected));
      expect(seen).toEqual([code(expected), code(expected)]);
      await expect(pool.withTenant(id(name), () => Promise.resolve())).rejects.toEqual(
        code(expected),
      );
      await expect(pool.tenantQuery(id(name), "select 1")).rejects.toEqual(code(expected));
    }
    expect(
      await Promise.all(
        ["a", "nobody", "sleeps", "leaves", "moves", "moved"].map((name) =>
          pool.standing(id(name)),
        ),
      ),
    ).toEqual([
      { state: "active", key: id("a") },
      undefined,
      { state: "suspended", key: id("sleeps") },
      { state: "retired", key: id("leaves") },
      { state: "renamed", key: id("moves") },
      { state: "active", key: id("moves") },
    ]);
    expect(await pool.standing("no id")).toBeUndefined();
    await expect(pool.tenantQuery(id("nobody"), "select 1")).rejects.toThrow(
      `Tenant schema not found: tenant_${id("nobody")}`,
    );
    expect(await pool.withTenant(id("a"), canary)).toEqual([id("a")]);
  });

  test("nothing that follows runs, not even on tables that all tenants share", async () => {
    const pool = open();
    const seen: unknown[] = [];
    await pool
      .withTenant(id("nobody"), async (tx) => {
        await tx.query("select 1").catch(() => undefined);
        await tx.query("select * from comunas").then(
          () => seen.push("read"),
          (error: unknown) => seen.push(error),
        );
      })
      .catch(() => undefined);
    expect(seen).toEqual([code("TNT-803")]);
  });

  test("one that is suspended while its scope is open cannot save any more", async () => {
    const tenant = await make("open");
    const pool = open();
    let suspending: Promise<unknown> | undefined;
    const state = () =>
      platform.rows("select state from tenantry.registry where id = $1", [tenant]);
    await expect(
      pool.withTenant(tenant, async (tx) => {
        await tx.query("insert into notes (text) values ('late')");
        suspending = updateTenant(platform.ctx, spec(tenant, { state: "suspended" }));
        await expect.poll(state).toEqual([{ state: "suspended" }]);
      }),
    ).rejects.toEqual(code("TNT-804"));
    await suspending;
    expect(await platform.rows(`select text from tenant_${tenant}.notes`)).toEqual([
      { text: tenant },
    ]);
    await expect(pool.withTenant(tenant, canary)).rejects.toEqual(code("TNT-804"));
  });

  test("a statement that was prepared before is refused after the suspension", async () => {
    const tenant = await make("early");
    const client = await platform.as(platform.roles.user);
    const named = { name: "mine", text: `select text from tenant_${tenant}.notes` };
    expect((await client.query(named)).rowCount).toBe(1);
    await updateTenant(platform.ctx, spec(tenant, { state: "suspended" }));
    await expect(client.query(named)).rejects.toEqual(code("42501"));
  });

  test("no id that is not one reaches the database", async () => {
    const pool = open({ port: 1 });
    const corpus = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'a"; drop schema public; --',
        "a'b",
        "A",
        "tenant-a",
        "a\0",
        "é",
        "a".repeat(49),
      ),
      fc.anything(),
    );
    await fc.assert(
      fc.asyncProperty(corpus, async (value) => {
        fc.pre(typeof value !== "string" || !TENANT_ID.test(value));
        await expect(pool.withTenant(value as string, canary)).rejects.toEqual(code("TNT-802"));
        await expect(pool.tenantQuery(value as string, "select 1")).rejects.toEqual(
          code("TNT-802"),
        );
      }),
    );
  });
});

describe("saving", () => {
  test("returning saves, throwing takes back, and a failure that was swallowed saves nothing", async () => {
    const tenant = await make("saves");
    const pool = open();
    const write = (text: string) => async (tx: ScopeTransaction) => {
      await tx.query("insert into notes (text) values ($1)", [text]);
    };
    await pool.withTenant(tenant, write("kept"));
    await expect(
      pool.withTenant(tenant, async (tx) => {
        await write("thrown")(tx);
        throw new Error("on purpose");
      }),
    ).rejects.toThrow("on purpose");
    await expect(
      pool.withTenant(tenant, async (tx) => {
        await write("swallowed")(tx);
        await tx.query("select 1 / 0").catch(() => undefined);
      }),
    ).rejects.toEqual(code("TNT-811"));
    await pool.withTenant(tenant, async (tx) => {
      await tx.query("savepoint mine");
      await tx.query("select 1 / 0").catch(() => undefined);
      await tx.query("rollback to savepoint mine");
      await write("mended")(tx);
    });
    await pool.withTenant(tenant, (tx) => {
      void write("not awaited")(tx);
      return Promise.resolve();
    });
    expect(await pool.withTenant(tenant, canary)).toEqual([
      tenant,
      "kept",
      "mended",
      "not awaited",
    ]);
  });

  test("read only refuses to write", async () => {
    await expect(
      open().withTenant(id("a"), (tx) => tx.query("insert into notes (text) values ('x')"), {
        readOnly: true,
      }),
    ).rejects.toEqual(code("25006"));
  });

  test("two serializable scopes that exclude each other both end well, one on a second attempt", async () => {
    const tenant = await make("serial");
    const pool = open({ max: 2 });
    let arrived = 0;
    let together: () => void;
    const both = new Promise<void>((resolve) => (together = resolve));
    let attempts = 0;
    const add = () =>
      pool.withTenant(
        tenant,
        async (tx) => {
          attempts += 1;
          const { rows } = await tx.query<{ count: string }>("select count(*) from notes");
          arrived += 1;
          if (arrived === 2) together();
          await both;
          await tx.query("insert into notes (text) values ($1)", [rows[0]!.count]);
        },
        { isolation: "serializable" },
      );
    await Promise.all([add(), add()]);
    expect(attempts).toBe(3);
    expect(await pool.withTenant(tenant, canary)).toEqual([tenant, "1", "2"]);
  });
});

describe("the scope around a call", () => {
  test("is found deep below, joined by its own tenant, and refused to others", async () => {
    const pool = open();
    await pool.withTenant(id("a"), async (tx) => {
      await turn();
      expect(currentTenant()).toBe(id("a"));
      expect((await tenantQuery("select text from notes")).rows).toEqual([{ text: id("a") }]);
      await pool.withTenant(id("a"), async (inner) => {
        expect(await backend(inner)).toBe(await backend(tx));
      });
      await expect(pool.withTenant(id("b"), canary)).rejects.toEqual(code("TNT-809"));
      await expect(pool.tenantQuery(id("b"), "select 1")).rejects.toEqual(code("TNT-809"));
      await expect(pool.withCentral(canary)).rejects.toEqual(code("TNT-809"));
    });
  });

  test("fails closed outside of one, and after its end", async () => {
    await expect(tenantQuery("select 1")).rejects.toEqual(code("TNT-808"));
    expect(currentTenant()).toBeUndefined();
    const pool = open();
    let leaked: ScopeTransaction | undefined;
    let late: Promise<unknown> | undefined;
    let release: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (release = resolve));
    await pool.withTenant(id("a"), (tx) => {
      leaked = tx;
      late = ended.then(() => tenantQuery("select 1"));
      return Promise.resolve();
    });
    release();
    await expect(leaked!.query("select 1")).rejects.toEqual(code("TNT-810"));
    await expect(late).rejects.toEqual(code("TNT-810"));
  });

  test("the shared side reads central and parametros, and no tenant", async () => {
    const pool = open();
    const found = await pool.withCentral(async (tx) => {
      await tx.query("select * from comunas limit 1");
      return (await tx.query("select id from tenants where id = $1", [id("a")])).rows;
    });
    expect(found).toEqual([{ id: id("a") }]);
    await expect(pool.withCentral(canary)).rejects.toEqual(code("42P01"));
    await pool.withCentral(async () => {
      await expect(tenantQuery("select 1")).rejects.toEqual(code("TNT-808"));
    });
  });
});

describe("what the work does to the session", () => {
  test.each(["begin", "COMMIT", "/* no */ rollback", "-- no\nend", "start transaction"])(
    "%s is not sent",
    async (sql) => {
      const pool = open();
      await expect(pool.withTenant(id("a"), (tx) => tx.query(sql))).rejects.toEqual(
        code("TNT-812"),
      );
      await expect(pool.tenantQuery(id("a"), sql)).rejects.toEqual(code("TNT-812"));
    },
  );

  test.each([
    "set search_path = public",
    "reset search_path",
    "set local role none",
    "reset all",
    "select set_config('search_path', 'public', true)",
    "select set_config('app.current_tenant', 'other', true)",
  ])("%s: nothing is saved, and the connection ends", async (sql) => {
    const isolation = sql.includes("role") ? "strict" : "shared";
    const tenant = isolation === "strict" ? id("s") : id("a");
    const pool = open({ isolation });
    let before = 0;
    await expect(
      pool.withTenant(tenant, async (tx) => {
        before = await backend(tx);
        await tx.query("insert into notes (text) values ('turned')");
        await tx.query(sql);
      }),
    ).rejects.toEqual(code("TNT-813"));
    await pool.withTenant(tenant, async (tx) => {
      expect(await canary(tx)).toEqual([tenant]);
      expect(await backend(tx)).not.toBe(before);
    });
  });

  test("two statements in one text are refused", async () => {
    await expect(
      open().withTenant(id("a"), (tx) => tx.query("select 1; select 2")),
    ).rejects.toEqual(code("42601"));
  });

  test("nothing of it is there for the next tenant on the same connection", async () => {
    const pool = open();
    const dirty = async (tx: ScopeTransaction): Promise<number> => {
      for (const sql of [
        "declare held cursor with hold for select * from notes",
        "prepare kept as select * from notes",
        "listen news",
        "set statement_timeout = 1234",
        "set work_mem = '1234kB'",
        "select pg_advisory_lock(42)",
      ])
        await tx.query(sql);
      return await backend(tx);
    };
    const before = await pool.withTenant(id("a"), dirty);
    const left = async (tx: ScopeTransaction): Promise<unknown> => {
      const { rows } = await tx.query(`
        select (select count(*)::int from pg_cursors where is_holdable) as cursors,
          (select count(*)::int from pg_prepared_statements where name !~ '^(tenantry_.*)?$') as prepared,
          (select count(*)::int from pg_listening_channels()) as channels,
          (select count(*)::int from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as locks,
          current_setting('work_mem') as work_mem, pg_backend_pid() as pid`);
      return rows[0];
    };
    const clean = { cursors: 0, prepared: 0, channels: 0, locks: 0, work_mem: "4MB", pid: before };
    expect(await pool.withTenant(id("b"), left)).toEqual(clean);
    for (const sql of ["listen news", "set work_mem = '1234kB'", "select pg_advisory_lock(42)"])
      await pool.tenantQuery(id("a"), sql);
    expect(await pool.withTenant(id("b"), left)).toEqual(clean);
  });

  /** The scopes' own statements, which the session keeps. */
  const own = async (tx: ScopeTransaction): Promise<unknown[]> =>
    (
      await tx.query<{ name: string }>(
        "select name from pg_prepared_statements where name ~ '^tenantry_' order by name",
      )
    ).rows.map(({ name }) => name);

  test("the scopes' own statements are prepared once, for all tenants", async () => {
    const pool = open();
    for (const name of ["a", "b", "a"]) {
      await pool.withTenant(id(name), canary);
      await pool.tenantQuery(id(name), "select 1");
    }
    const names = await pool.withTenant(id("a"), own);
    // Begin, the sequences, enter for many statements and for one; the assertion and commit at the end.
    expect(names).toEqual([1, 2, 3, 4, 5, 6].map((number) => `tenantry_${number}`));
    await pool.withCentral((tx) => tx.query("select 1"));
    expect(await pool.withTenant(id("b"), own)).toEqual(names);
  });

  test("a statement that takes them away costs nothing: they are prepared anew", async () => {
    const tenant = await make("deallocates");
    const pool = open();
    for (const sql of ["deallocate all", "do $$ begin execute 'deallocate all'; end $$"]) {
      await pool.withTenant(tenant, async (tx) => {
        await tx.query("insert into notes (text) values ($1)", [sql.slice(0, 2)]);
        await tx.query(sql);
      });
      await pool.tenantQuery(tenant, sql);
    }
    expect(await pool.withTenant(tenant, canary)).toEqual([tenant, "de", "do"]);
  });

  test("a function that takes them away unseen costs one scope, which saves and reads nothing", async () => {
    const tenant = await make("unseen");
    await platform.admin.query(`
      create function tenant_${tenant}.forget() returns integer language plpgsql
        as 'begin execute ''deallocate all''; return 1; end'`);
    const pool = open();
    await pool.withTenant(tenant, canary);
    await expect(
      pool.withTenant(tenant, async (tx) => {
        await tx.query("insert into notes (text) values ('lost')");
        await tx.query("select forget()");
      }),
    ).rejects.toEqual(code("26000"));
    expect(await pool.withTenant(tenant, canary)).toEqual([tenant]);
    await pool.tenantQuery(tenant, "select forget()");
    await expect(pool.tenantQuery(id("a"), "select text from notes")).rejects.toEqual(
      code("26000"),
    );
    expect(await pool.withTenant(id("a"), canary)).toEqual([id("a")]);
  });

  test("a function that sets another time limit unseen does not set it for the next scope", async () => {
    const tenant = await make("unlimited");
    await platform.admin.query(`
      create function tenant_${tenant}.unlimit() returns text language sql
        as $$ select set_config('statement_timeout', '0', false) $$`);
    const pool = open();
    await pool.tenantQuery(tenant, "select unlimit()");
    const { rows } = await pool.tenantQuery(id("a"), "select current_setting('statement_timeout')");
    expect(rows).toEqual([{ current_setting: "30s" }]);
  });

  test("a named query does not remember another tenant's columns", async () => {
    const pool = open();
    const tenant = await make("wide");
    await platform.admin.query(`alter table tenant_${tenant}.notes add extra integer default 7`);
    const named = { name: "notes", text: "select * from notes where text <> $1", values: [""] };
    for (const [name, columns] of [
      [id("a"), ["id", "text"]],
      [tenant, ["id", "text", "extra"]],
      [id("a"), ["id", "text"]],
    ] as const)
      await pool.withTenant(name, async (tx) => {
        for (let times = 0; times < 6; times += 1)
          expect(Object.keys((await tx.query(named)).rows[0]!)).toEqual(columns);
      });
  });

  test("a cursor of the transaction is read in pieces", async () => {
    const pool = open();
    await pool.withTenant(id("a"), async (tx) => {
      await tx.query("declare many cursor for select * from generate_series(1, 5)");
      expect((await tx.query("fetch 3 from many")).rowCount).toBe(3);
      expect((await tx.query("fetch 3 from many")).rowCount).toBe(2);
    });
  });
});

describe("connections", () => {
  test("one that was killed, timed out or cancelled is not used again", async () => {
    const pool = open({ statementTimeoutMillis: 200, idleInTransactionTimeoutMillis: 200 });
    const pids = new Set<number>();
    const note = async (tx: ScopeTransaction): Promise<number> => {
      const pid = await backend(tx);
      expect(pids).not.toContain(pid);
      pids.add(pid);
      return pid;
    };
    await expect(
      pool.withTenant(id("a"), async (tx) => {
        await platform.admin.query("select pg_terminate_backend($1)", [await note(tx)]);
        await tx.query("select 1");
      }),
    ).rejects.toEqual(code("57P01"));
    await expect(
      pool.withTenant(id("a"), async (tx) => {
        await note(tx);
        await tx.query("select pg_sleep(60)");
      }),
    ).rejects.toEqual(code("57014"));
    await expect(pool.tenantQuery(id("a"), "select pg_sleep(60)")).rejects.toEqual(code("57014"));
    await expect(
      pool.withTenant(id("a"), async (tx) => {
        const pid = await note(tx);
        await expect
          .poll(() => platform.rows("select from pg_stat_activity where pid = $1", [pid]))
          .toEqual([]);
        await tx.query("select 1");
      }),
    ).rejects.toEqual(code("25P03"));
    expect(
      await pool.withTenant(id("b"), async (tx) => [await note(tx), await canary(tx)]),
    ).toEqual([expect.any(Number), [id("b")]]);
  });

  test("a signal ends the scope at once, and nothing is saved", async () => {
    const pool = open();
    const controller = new AbortController();
    const reason = new Error("the client went away");
    await expect(
      pool.withTenant(
        id("a"),
        async (tx) => {
          await tx.query("insert into notes (text) values ('aborted')");
          const sleeping = tx.query("select pg_sleep(60)");
          controller.abort(reason);
          await sleeping;
        },
        { signal: controller.signal },
      ),
    ).rejects.toBe(reason);
    expect(await pool.withTenant(id("a"), canary)).toEqual([id("a")]);
  });

  test("a value that cannot be sent costs the scope, and no more", async () => {
    const pool = open();
    const circle: { self?: unknown } = {};
    circle.self = circle;
    await expect(
      pool.withTenant(id("a"), (tx) => tx.query("select $1::jsonb", [circle])),
    ).rejects.toThrow(TypeError);
    expect(await pool.withTenant(id("b"), canary)).toEqual([id("b")]);
  });
});

test("each scope is told on the channel, with what became of it", async () => {
  const pool = open();
  const events: unknown[] = [];
  const listen = (event: unknown): void => void events.push(event);
  subscribe("tenantry:tenant.scope", listen);
  await pool.withTenant(id("a"), canary);
  await pool.tenantQuery(id("b"), "select 1 / 0").catch(() => undefined);
  unsubscribe("tenantry:tenant.scope", listen);
  const duration = expect.any(Number) as number;
  expect(events).toEqual([
    { value: id("a"), count: 1, attempt: 1, duration, error: undefined },
    { value: id("b"), count: 1, attempt: 1, duration, error: code("22012") },
  ]);
});

test("the options of a scope are checked, each", async () => {
  const options = { readOnly: 1, isolation: "chaos", retries: -1, signal: 3, more: 1 };
  await expect(open({ port: 1 }).withTenant(id("a"), canary, options as never)).rejects.toThrow(
    /more.*readOnly.*isolation.*retries.*signal/,
  );
});
