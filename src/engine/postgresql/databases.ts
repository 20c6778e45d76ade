import { createPool } from "../../postgres/pool.ts";
import { withClient } from "../../postgres/with-client.ts";
import type { ProviderConfig } from "./provider-config.ts";

/** Sends statements to one database. */
export interface Sql {
  rows: <Row>(text: string, values?: readonly unknown[]) => Promise<Row[]>;
}

type Pool = ReturnType<typeof createPool>;

/**
 * The databases of one cluster, each through a single connection. Operations run one after another: at once, two
 * that touch the same row of the catalog fail with `tuple concurrently updated`.
 */
export class Databases {
  readonly config: ProviderConfig;
  readonly #pools = new Map<string, Pool>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(config: ProviderConfig) {
    this.config = config;
  }

  /** Runs an operation when all before it are through. */
  oneByOne<T>(operation: () => Promise<T>): Promise<T> {
    const result = this.#last.then(operation);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Runs statements in one transaction; any error undoes them all. */
  transaction<T>(database: string, work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.plain(database, async (sql) => {
      await sql.rows("begin");
      const result = await work(sql);
      await sql.rows("commit");
      return result;
    });
  }

  /** Runs statements each on its own, as CREATE DATABASE needs. A connection that met an error is not used again. */
  plain<T>(database: string, work: (sql: Sql) => Promise<T>): Promise<T> {
    return withClient(this.#pool(database), (client) =>
      work({
        rows: async <Row>(text: string, values: readonly unknown[] = []) =>
          (await client.query(text, [...values])).rows as Row[],
      }),
    );
  }

  async exists(database: string): Promise<boolean> {
    const found = await this.plain(this.config.database, (sql) =>
      sql.rows("select from pg_database where datname = $1", [database]),
    );
    return found.length > 0;
  }

  /** Lets go of a database that is about to be renamed or dropped. */
  async release(database: string): Promise<void> {
    const pool = this.#pools.get(database);
    this.#pools.delete(database);
    await pool?.end();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.keys()].map((database) => this.release(database)));
  }

  #pool(database: string): Pool {
    const known = this.#pools.get(database);
    if (known) return known;
    const { host, port, user, password, tls } = this.config;
    const pool = createPool({ host, port, user, password, database, tls, max: 1 });
    this.#pools.set(database, pool);
    return pool;
  }
}
