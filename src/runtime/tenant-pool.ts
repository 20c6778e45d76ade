import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { pauseBefore } from "../core/contention.ts";
import { TenantryError } from "../core/errors.ts";
import { TENANT_ID } from "../core/names.ts";
import { checkPartitionValue, isPartitionValue } from "../core/partition-value.ts";
import { checkConnection } from "./check-connection.ts";
import { Connection, isInDoubt } from "./connection.ts";
import { openScope, runInside } from "./current-scope.ts";
import { SCOPE_CHANNEL, publish } from "./events.ts";
import { PARTITION_STANDING, TENANT_STANDING, explainRefusal } from "./explain-refusal.ts";
import type { PartitionRow, StandingRow } from "./explain-refusal.ts";
import type { LookUp } from "./guard/guard-options.ts";
import type { PartitionScope } from "./partition-scope.ts";
import { onAbort } from "./on-abort.ts";
import { readPoolOptions } from "./pool-options.ts";
import type { PoolSettings, TenantPoolOptions } from "./pool-options.ts";
import { checkScopeOptions } from "./scope-options.ts";
import type { ScopeOptions } from "./scope-options.ts";
import { enterStatements, leavesTraces, transactionControl } from "./scope-statements.ts";
import type { ScopeTarget } from "./scope-statements.ts";
import { sendScoped } from "./scoped-query.ts";
import type { ScopeQueryConfig } from "./scoped-query.ts";
import { mayBeRepeated } from "./sqlstate.ts";
import { Transaction, describeTarget, toQueryConfig } from "./transaction.ts";
import type { Row, ScopeTransaction } from "./transaction.ts";

/**
 * Makes a pool for an application that serves tenants. Nothing is connected yet.
 *
 * @param options what differs from the environment and the defaults
 * @throws {TenantryError} TNT-801 with every mistake in the options at once.
 */
export function createTenantPool(options: TenantPoolOptions = {}): TenantPool {
  return new TenantPool(readPoolOptions(options, process.env));
}

/** Connections that serve one tenant at a time, as `createTenantPool` makes them. There is no query without a scope. */
export class TenantPool {
  readonly #settings: PoolSettings;
  readonly #pool: pg.Pool;

  /** @internal */
  constructor(settings: PoolSettings) {
    this.#settings = settings;
    const { host, port, database, user, password, ssl, max } = settings;
    const { idleTimeoutMillis, connectionTimeoutMillis, maxLifetimeSeconds } = settings;
    this.#pool = new pg.Pool({
      host,
      port,
      database,
      user,
      ...(password === undefined ? {} : { password }),
      ssl,
      max,
      idleTimeoutMillis,
      connectionTimeoutMillis,
      maxLifetimeSeconds,
    });
    // An idle connection that ends is replaced by the next one that is asked for.
    this.#pool.on("error", () => undefined);
  }

  /**
   * Does work for one tenant in one transaction: returning saves it, throwing takes it back. Inside a scope of the same
   * tenant it joins that one.
   *
   * The tenant is checked with the first statement, so put what reaches outside the database behind it.
   *
   * @param id the tenant's id; in isolation `partitions` a value of the partition key
   * @param work all that is to be done; it may run again when `retries` allows it
   * @throws {TenantryError} TNT-802 or TNT-843 for what is no id, TNT-803 to TNT-807, TNT-817, TNT-852 and TNT-853 when
   *   the tenant cannot be entered, TNT-809 inside another scope, TNT-811 when a failed statement was passed over, TNT-813 when the work turned the
   *   scope to something else, TNT-816 for wrong options; else what the work throws.
   */
  async withTenant<T>(
    id: string,
    work: (tx: ScopeTransaction) => Promise<T>,
    options: ScopeOptions = {},
  ): Promise<T> {
    return await this.#withScope(this.#targetOf(id), work, options);
  }

  /**
   * Does work on the side that all tenants share, `central` and `parametros`, in one transaction.
   *
   * @throws {TenantryError} TNT-815 when the database is not prepared; else as `withTenant`.
   */
  async withCentral<T>(
    work: (tx: ScopeTransaction) => Promise<T>,
    options: ScopeOptions = {},
  ): Promise<T> {
    return await this.#withScope({ tenant: null }, work, options);
  }

  /**
   * Runs one statement for one tenant, in one round trip. Inside a scope of the same tenant it is part of that one.
   *
   * @throws {TenantryError} as `withTenant`; TNT-812 for a statement that begins or ends a transaction.
   */
  async tenantQuery<R extends pg.QueryResultRow = Row>(
    id: string,
    sql: string | ScopeQueryConfig,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<R>> {
    const target = this.#targetOf(id);
    const joined = this.#joined(target);
    if (joined !== undefined) return await joined.query<R>(sql, values);
    const config = toQueryConfig(sql, values);
    const word = transactionControl(config.text);
    if (word !== undefined) throw new TenantryError("TNT-812", { word });
    const started = performance.now();
    const report = (error?: unknown): void => {
      this.#report({ target, started, count: 1, attempt: 1, error });
    };
    const connection = await Connection.take(this.#pool);
    const { statementTimeoutMillis } = this.#settings;
    const enter = enterStatements(target, { statementTimeoutMillis });
    const { query, result } = sendScoped(connection, config, enter);
    try {
      const rows = await result;
      await connection.giveBack({ clean: !leavesTraces(config.text, rows.command) });
      report();
      return rows as pg.QueryResult<R>;
    } catch (error) {
      const reason = connection.explain(error);
      const { database } = this.#settings;
      const explained = query.entered
        ? reason
        : await explainRefusal(connection.client, database, target, reason);
      if (isInDoubt(reason)) connection.destroy();
      else await connection.giveBack({ clean: false });
      report(explained);
      throw explained;
    }
  }

  /**
   * Gives what works in one partition of the shared tables. With tenant schemas a table's name is that of the tenant's
   * own partition. In isolation `partitions` it is the shared table, of which PostgreSQL reads the value's partition and
   * shows no other row; a row that is written gets the value, and one of another value is refused.
   *
   * Nothing is sent yet: `query` and `transaction` do, and throw what `tenantQuery` and `withTenant` throw.
   *
   * @param id the tenant's id; in isolation `partitions` a value of the partition key
   * @throws {TenantryError} TNT-802 or TNT-843 for what is no id
   */
  forPartition(id: string): PartitionScope {
    this.#targetOf(id);
    return {
      id,
      query: (sql, values) => this.tenantQuery(id, sql, values),
      transaction: (work, options) => this.withTenant(id, work, options),
    };
  }

  /**
   * Looks whether tenants are kept apart on these connections: the login's rights and settings, and the pooler in
   * between, if there is one. Call it when the application starts.
   *
   * @throws {TenantryError} TNT-814 with everything that is wrong, TNT-815 or TNT-853 when the database is not
   *   prepared.
   */
  async check(): Promise<void> {
    const connection = await Connection.take(this.#pool);
    try {
      await checkConnection(connection.client, this.#settings);
    } finally {
      await connection.giveBack({ clean: false });
    }
  }

  /**
   * Tells how an id stands: a tenant's state and partition key; undefined for one that is no tenant's. It is what a
   * guard asks, and never what keeps tenants apart. In isolation `partitions` a value that has a partition is active.
   */
  readonly standing: LookUp = async (id) => {
    if (this.#settings.isolation === "partitions") {
      if (!isPartitionValue(id)) return undefined;
      const { rows } = await this.#pool.query<PartitionRow>(PARTITION_STANDING, [id]);
      return rows[0]?.there === true ? { state: "active", key: id } : undefined;
    }
    if (!TENANT_ID.test(id)) return undefined;
    const { rows } = await this.#pool.query<StandingRow>(TENANT_STANDING, [id]);
    const [row] = rows;
    return row && { state: row.renamed_to === null ? row.state : "renamed", key: row.key };
  };

  /** Closes the connections, once the scopes that use them have ended. */
  async end(): Promise<void> {
    await this.#pool.end();
  }

  #targetOf(id: string): ScopeTarget & { readonly tenant: string } {
    const { isolation } = this.#settings;
    if (typeof id !== "string") throw new TenantryError("TNT-802", { id });
    if (isolation === "partitions") checkPartitionValue(id);
    else if (!TENANT_ID.test(id)) throw new TenantryError("TNT-802", { id });
    return { tenant: id, isolation };
  }

  /** The open scope that a new one joins. */
  #joined(target: ScopeTarget): Transaction | undefined {
    const open = openScope();
    if (open === undefined) return undefined;
    if (open.pool === this && open.transaction.tenant === target.tenant) return open.transaction;
    throw new TenantryError("TNT-809", {
      open: describeTarget(open.transaction),
      asked: describeTarget(target),
    });
  }

  async #withScope<T>(
    target: ScopeTarget,
    work: (tx: ScopeTransaction) => Promise<T>,
    options: ScopeOptions,
  ): Promise<T> {
    checkScopeOptions(options);
    const joined = this.#joined(target);
    if (joined !== undefined) return await work(joined);
    const retries = options.retries ?? (options.isolation === "serializable" ? 3 : 0);
    for (let attempt = 1; ; attempt += 1)
      try {
        return await this.#attempt(target, work, options, attempt);
      } catch (error) {
        if (attempt > retries || !mayBeRepeated(error)) throw error;
        const wait = pauseBefore(attempt, Math.random());
        await pause(wait, undefined, options.signal && { signal: options.signal });
      }
  }

  async #attempt<T>(
    target: ScopeTarget,
    work: (tx: ScopeTransaction) => Promise<T>,
    options: ScopeOptions,
    attempt: number,
  ): Promise<T> {
    const { signal } = options;
    signal?.throwIfAborted();
    const started = performance.now();
    const connection = await Connection.take(this.#pool);
    const transaction = new Transaction(connection, target, options, this.#settings, (error) =>
      explainRefusal(connection.client, this.#settings.database, target, error),
    );
    const report = (error?: unknown): void => {
      this.#report({ target, started, count: transaction.count, attempt, error });
    };
    const { unlessAborted, forget } = onAbort(signal, () => {
      transaction.destroy();
    });
    try {
      const run = runInside({ pool: this, transaction }, async () => await work(transaction));
      const result = await unlessAborted(run);
      await unlessAborted(transaction.commit());
      report();
      return result;
    } catch (error) {
      if (signal?.aborted !== true) await transaction.rollBack();
      report(error);
      throw error;
    } finally {
      forget();
    }
  }

  #report(scope: {
    readonly target: ScopeTarget;
    readonly started: number;
    readonly count: number;
    readonly attempt: number;
    readonly error: unknown;
  }): void {
    const { target, started, ...rest } = scope;
    publish(SCOPE_CHANNEL, () => ({
      value: target.tenant,
      duration: performance.now() - started,
      ...rest,
    }));
  }
}
