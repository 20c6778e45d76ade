import type pg from "pg";
import { SQLSTATE, sqlstateOf } from "./sqlstate.ts";
import { CLEAN_SESSION } from "./scope-statements.ts";
import { sessionOf } from "./session.ts";
import type { Session } from "./session.ts";
import type { PreparedStatements } from "./prepared-statements.ts";

/** A connection taken from the pool, which goes back or ends, once. */
export class Connection {
  readonly client: pg.PoolClient;
  readonly #session: Session;
  #released = false;

  private constructor(client: pg.PoolClient, session: Session) {
    this.client = client;
    this.#session = session;
  }

  /** Takes a connection, and waits for one if need be. */
  static async take(pool: pg.Pool): Promise<Connection> {
    const client = await pool.connect();
    try {
      return new Connection(client, await sessionOf(client));
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  get prepared(): PreparedStatements {
    return this.#session.prepared;
  }

  /** Why the connection ended, where the server said so: what a query gets says no more than that it did. */
  explain(error: unknown): unknown {
    return sqlstateOf(error) === undefined ? (this.#session.end.reason ?? error) : error;
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
