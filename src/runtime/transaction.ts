import type pg from "pg";
import { TenantryError, messageOf } from "../core/errors.ts";
import type { Connection } from "./connection.ts";
import { isInDoubt } from "./connection.ts";
import { beginStatement } from "./scope-options.ts";
import type { ScopeOptions } from "./scope-options.ts";
import {
  CLEAN_SESSION,
  assertStatement,
  enterStatements,
  leavesTraces,
  transactionControl,
  withValues,
} from "./scope-statements.ts";
import type { ScopeTarget, ScopeTimeouts } from "./scope-statements.ts";
import type { ScopeStatement } from "./prepared-statements.ts";
import { sendOwn, sendScoped } from "./scoped-query.ts";
import type { ScopeQueryConfig } from "./scoped-query.ts";
import { SQLSTATE, sqlstateOf } from "./sqlstate.ts";

/** A row, by column name. */
export type Row = Record<string, unknown>;

/** What a scope hands to the work inside of it. */
export interface ScopeTransaction {
  /** The tenant's id, or the value of the partition key; null for the side that all share. */
  readonly tenant: string | null;
  /**
   * Runs one statement, with values for $1, $2 and so on. The first one carries the scope's opening with it.
   *
   * @throws {TenantryError} TNT-803 to TNT-807, TNT-817, TNT-852 and TNT-853 when the tenant cannot be entered, TNT-810
   *   after the scope's end, TNT-812 for a statement that begins or ends a transaction, TNT-818 for what is no text; else PostgreSQL's
   *   error as `pg` gives it.
   */
  query<R extends pg.QueryResultRow = Row>(
    sql: string | ScopeQueryConfig,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<R>>;
}

/** The text and values of a query, without a name: a plan kept for one tenant's tables does not fit another's. */
export function toQueryConfig(
  sql: string | ScopeQueryConfig,
  values: readonly unknown[] | undefined,
): ScopeQueryConfig {
  if (typeof sql === "string") return { text: sql, values: values ?? [] };
  if (typeof sql !== "object" || typeof sql.text !== "string" || "submit" in sql)
    throw new TenantryError("TNT-818", { what: "A query object that is not { text, values }" });
  const { text, rowMode, types } = sql;
  return {
    text,
    values: values ?? sql.values ?? [],
    ...(rowMode === undefined ? {} : { rowMode }),
    ...(types === undefined ? {} : { types }),
  };
}

/** How a message names what a scope is for. */
export const describeTarget = ({ tenant }: ScopeTarget | ScopeTransaction): string =>
  tenant === null ? "the shared side" : `tenant "${tenant}"`;

/** What can become of a tenant while its scope is open. */
const SHUT: ReadonlySet<string> = new Set(["TNT-803", "TNT-804", "TNT-805", "TNT-806", "TNT-852"]);

/** One transaction on one connection, turned to one target. */
export class Transaction implements ScopeTransaction {
  readonly #connection: Connection;
  readonly #target: ScopeTarget;
  readonly #begin: readonly ScopeStatement[];
  readonly #explainRefusal: (error: unknown) => Promise<Error>;
  /** The last statement, done or not: the next one waits for it. */
  #last: Promise<unknown> = Promise.resolve();
  #opened = false;
  /** Why the target could not be entered. */
  #refusal: Error | undefined;
  /** The statement that failed, unless it was mended by a savepoint. */
  #failure: unknown;
  #leftTraces = false;
  #inDoubt = false;
  #ended = false;
  #count = 0;

  /** @param explainRefusal what to throw when the target could not be entered, from PostgreSQL's error */
  constructor(
    connection: Connection,
    target: ScopeTarget,
    options: ScopeOptions,
    timeouts: ScopeTimeouts,
    explainRefusal: (error: unknown) => Promise<Error>,
  ) {
    this.#connection = connection;
    this.#target = target;
    this.#begin = [{ text: beginStatement(options) }, ...enterStatements(target, timeouts)];
    this.#explainRefusal = explainRefusal;
  }

  get tenant(): string | null {
    return this.#target.tenant;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Statements that the work sent. */
  get count(): number {
    return this.#count;
  }

  async query<R extends pg.QueryResultRow = Row>(
    sql: string | ScopeQueryConfig,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<R>> {
    if (this.#ended) throw new TenantryError("TNT-810", { target: describeTarget(this.#target) });
    const config = toQueryConfig(sql, values);
    const word = transactionControl(config.text);
    if (word !== undefined) throw new TenantryError("TNT-812", { word });
    this.#count += 1;
    return (await this.#send(config)) as pg.QueryResult<R>;
  }

  /** Saves the work. Rejects when it could not be saved, or must not be. */
  async commit(): Promise<void> {
    this.#ended = true;
    await this.#settle();
    // Work that asked for nothing: the tenant must be there all the same.
    if (!this.#opened) await this.#send({ text: "" });
    if (this.#refusal !== undefined) throw this.#refusal;
    if (this.#failure !== undefined) {
      const error = this.#failure;
      await this.#takeBack();
      throw new TenantryError(
        "TNT-811",
        { target: describeTarget(this.#target), reason: messageOf(error) },
        { cause: error },
      );
    }
    try {
      if ((await this.#sendCommit()) !== "COMMIT") throw await this.#refuse(undefined);
    } catch (error) {
      if (sqlstateOf(error) === SQLSTATE.unknownSetting) throw await this.#refuse(error);
      const reason = this.#connection.explain(error);
      if (isInDoubt(reason)) this.#connection.destroy();
      else await this.#connection.giveBack({ clean: false });
      throw reason;
    }
    await this.#connection.giveBack({ clean: true });
  }

  /** Takes the work back, whatever state it is in. */
  async rollBack(): Promise<void> {
    this.#ended = true;
    await this.#settle();
    await this.#takeBack();
  }

  /** Ends the connection without waiting: the database takes the work back. */
  destroy(): void {
    this.#ended = true;
    this.#connection.destroy();
  }

  /** Commits what is as it began, with what it may have left taken away. Tells what the server made of it. */
  async #sendCommit(): Promise<string | undefined> {
    const { client, prepared } = this.#connection;
    const assertion = assertStatement(this.#target);
    if (!this.#leftTraces) return await sendOwn(this.#connection, { text: "commit" }, [assertion]);
    prepared.forget();
    // In one message: behind a pooler the next one may reach another session.
    const text = [withValues(assertion), "commit", CLEAN_SESSION].join("; ");
    const results = (await client.query(text)) as unknown as pg.QueryResult[];
    return results[1]?.command;
  }

  async #takeBack(): Promise<void> {
    if (this.#inDoubt) this.#connection.destroy();
    else await this.#connection.giveBack({ clean: !this.#opened });
  }

  /** Why the scope is not what it began as: the tenant was shut meanwhile, or the work turned it to something else. */
  async #refuse(cause: unknown): Promise<TenantryError> {
    const reason = await this.#explainRefusal(cause);
    this.#connection.destroy();
    return reason instanceof TenantryError && SHUT.has(String(reason.code))
      ? reason
      : new TenantryError("TNT-813", { target: describeTarget(this.#target) }, { cause });
  }

  async #settle(): Promise<void> {
    for (let last; last !== this.#last; await last) last = this.#last;
  }

  /** Sends statements one after the other, in the order in which they were asked for. */
  #send(config: ScopeQueryConfig): Promise<pg.QueryResult> {
    const answer = this.#last.then(() => this.#sendNow(config));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async #sendNow(config: ScopeQueryConfig): Promise<pg.QueryResult> {
    // The transaction is gone: this would run outside of it.
    if (this.#refusal !== undefined) throw this.#refusal;
    const before = this.#opened ? [] : this.#begin;
    this.#opened = true;
    const { query, result } = sendScoped(this.#connection, config, before);
    try {
      const rows = await result;
      if (leavesTraces(config.text, rows.command)) this.#leftTraces = true;
      // Inside a transaction that failed only ROLLBACK TO is answered: the failure was mended.
      this.#failure = undefined;
      return rows;
    } catch (error) {
      const reason = this.#connection.explain(error);
      this.#inDoubt ||= isInDoubt(reason);
      this.#failure ??= reason;
      if (query.entered) throw reason;
      this.#refusal = await this.#explainRefusal(reason);
      throw this.#refusal;
    }
  }
}
