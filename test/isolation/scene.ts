import { AsyncLocalStorage } from "node:async_hooks";
import pg from "pg";
import { createTenantPool, tenantQuery } from "../../src/runtime/index.ts";
import type { PoolIsolation, ScopeTransaction } from "../../src/runtime/index.ts";
import type { Login } from "../support/platform.ts";

/** The columns of docs/isolation.md. */
export const MODES = ["unsafe", "shared", "strict", "partitions-only"] as const;
export type Mode = (typeof MODES)[number];

/** Runs a statement and gives its rows. */
export type Query = (sql: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;

/** How an application serves tenants. */
export interface Side {
  /** Does work for one tenant, as for a request. */
  readonly request: <T>(id: string, work: (query: Query) => Promise<T>) => Promise<T>;
  /** A statement of code that forgot to say for which tenant. */
  readonly forgetful: Query;
  readonly end: () => Promise<void>;
}

/** By the library. */
export function safeSide(login: Login, isolation: PoolIsolation, max = 2): Side {
  const pool = createTenantPool({ ...login, isolation, max, connectionTimeoutMillis: 0 });
  const queryOf =
    (tx: ScopeTransaction): Query =>
    async (sql, values) =>
      (await tx.query(sql, values)).rows;
  return {
    request: (id, work) => pool.withTenant(id, (tx) => work(queryOf(tx))),
    forgetful: async (sql, values) => (await tenantQuery(sql, values)).rows,
    end: () => pool.end(),
  };
}

/** How the unsafe side turns its connection to a tenant, by pasted text. */
export const TURNS = {
  path: (id: string) => `set search_path to tenant_${id}, public`,
  setting: (id: string) => `set search_path to shared, public; set app.current_tenant to '${id}'`,
} as const;

/** As it is done without it: one connection after the other request's, switched by pasted text. */
export async function unsafeSide(
  login: Login,
  turn: (id: string) => string = TURNS.path,
): Promise<Side> {
  const client = new pg.Client(login);
  await client.connect();
  let last: Promise<unknown> = Promise.resolve();
  const query: Query = async (sql, values) => {
    const answer = last.then(() => client.query(sql, values));
    last = answer.catch(() => undefined);
    const results = [await answer].flat() as pg.QueryResult[];
    return results.flatMap(({ rows }) => rows as Record<string, unknown>[]);
  };
  return {
    request: async (id, work) => {
      await query(turn(id));
      return await work(query);
    },
    forgetful: query,
    end: async () => {
      // Or the pooler's connection would keep for the next attack what this one left.
      await query("discard all");
      await client.end();
    },
  };
}

/** What an attack has at hand. */
export interface Scene {
  readonly side: Side;
  /** The superuser, to prepare and to look; never what an attack reads with. */
  readonly admin: pg.Client;
  /** A direct login of the application's role, beside the pooler. */
  readonly neighbour: pg.Client;
  readonly attacker: string;
  readonly victim: string;
  /** The conversations as the application writes them. */
  readonly table: string;
  /** The victim's, by their full name. */
  readonly theirs: string;
  /** A suspended tenant. */
  readonly shut: string;
  /** The role that owns everything. */
  readonly owner: string;
  /** The text that only the victim's things hold. */
  readonly canary: string;
  /** Notes what the attacker got hold of. */
  readonly see: (found: unknown) => void;
  /** Does work as if another request were served meanwhile. */
  readonly elsewhere: <T>(work: () => T) => T;
}

export type Attack = (scene: Scene) => Promise<unknown>;
export type Outcome = "**succeeds**" | "refused" | "own" | "no such thing";

/** What an attack is after is not there in this mode. */
class NoSuchThing extends Error {}

/** Makes sure that something is there to be attacked, as the superuser sees it. */
export async function findTarget({ admin }: Pick<Scene, "admin">, sql: string): Promise<void> {
  const { rows } = await admin.query(sql);
  if (rows.length === 0) throw new NoSuchThing(sql);
}

/** Carries out an attack. What its requests read counts even if they are taken back. */
export async function outcomeOf(
  attack: Attack,
  scene: Omit<Scene, "see" | "elsewhere">,
): Promise<{ readonly outcome: Outcome; readonly error?: unknown }> {
  const seen: unknown[] = [];
  const see = (found: unknown): void => void seen.push(found);
  const succeeded = () => JSON.stringify(seen).includes(scene.canary);
  try {
    see(await attack({ ...scene, see, elsewhere: AsyncLocalStorage.snapshot() }));
    return { outcome: succeeded() ? "**succeeds**" : "own" };
  } catch (error) {
    if (error instanceof NoSuchThing) return { outcome: "no such thing" };
    return { outcome: succeeded() ? "**succeeds**" : "refused", error };
  }
}
