import type pg from "pg";
import { SQLSTATE, sqlstateOf } from "./sqlstate.ts";
import { CLEAN_SESSION } from "./scope-statements.ts";
import { preparedStatementsOf } from "./prepared-statements.ts";
import type { PreparedStatements } from "./prepared-statements.ts";

/** A connection taken from the pool, which goes back or ends, once. */
export class Connection {
  readonly client: pg.PoolClient;
  readonly prepared: PreparedStatements;
  #released = false;
  #lost: Error | undefined;
  readonly #onError = (error: Error): void => {
    this.#lost ??= error;
  };

  private constructor(client: pg.PoolClient, prepared: PreparedStatements) {
    this.client = client;
    this.prepared = prepared;
    client.on("error", this.#onError);
  }

  /** Takes a connection, and waits for one if need be. */
  static async take(pool: pg.Pool): Promise<Connection> {
    const client = await pool.connect();
    try {
      return new Connection(client, await preparedStatementsOf(client));
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  /** Why the connection ended, where the server said so: what a query gets says no more than that it did. */
  explain(error: unknown): unknown {
    return sqlstateOf(error) === undefined ? (this.#lost ?? error) : error;
  }

  /** Gives the connection back, with nothing left in it of what was done. */
  async giveBack({ clean }: { readonly clean: boolean }): Promise<void> {
    if (this.#released) return;
    try {
      if (!clean) {
        this.prepared.forget();
        await this.client.query(`rollback; ${CLEAN_SESSION}`);
      }
    } catch {
      // The work has its own result or error; this connection has no more use.
      this.destroy();
      return;
    }
    if (this.client.getTransactionStatus() === "I") this.#release(false);
    else this.destroy();
  }

  /** Ends the connection, at once. */
  destroy(): void {
    this.#release(true);
  }

  #release(destroy: boolean): void {
    if (this.#released) return;
    this.#released = true;
    if (!destroy) this.client.off("error", this.#onError);
    this.client.release(destroy);
  }
}

/**
 * Whether a connection may not be used again after an error: it was lost, or a statement was cancelled, since a
 * request to cancel that comes late would hit the next one.
 */
export function isInDoubt(error: unknown): boolean {
  const code = sqlstateOf(error);
  return code === undefined || code === SQLSTATE.cancelled || /^(08|57P)/.test(code);
}
