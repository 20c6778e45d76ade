import pg from "pg";
import type { Connection } from "./connection.ts";
import type { PreparedStatements, ScopeStatement } from "./prepared-statements.ts";

/** A query as a scope takes it. */
export interface ScopeQueryConfig {
  /** One statement. */
  readonly text: string;
  /** The values for $1, $2 and so on. */
  readonly values?: readonly unknown[];
  /** Whether rows are arrays, in the order of the columns. Default: objects by column name. */
  readonly rowMode?: "array";
  /** Parsers of single types, as `pg` takes them. */
  readonly types?: pg.CustomTypesConfig;
}

/** The messages of the protocol that are sent. */
interface Wire {
  readonly stream: { cork: () => void; uncork: () => void };
  readonly parse: (message: { name: string; text: string }) => void;
  readonly bind: (message: object) => void;
  readonly execute: (message: object) => void;
}

/** What `pg` calls on a query as answers come in. */
interface QueryHandlers {
  submit(wire: Wire): Error | null;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: unknown): void;
}

type Callback = (error: Error | null | undefined, result: pg.QueryResult) => void;

/** The class has these methods; its published types leave them out. */
const Query = pg.Query as unknown as new (
  config: object,
  values: undefined,
  callback: Callback,
) => QueryHandlers;

/**
 * A statement with others before it, sent in one piece: one round trip, and the server stops at the first error. Always
 * by the extended protocol, which takes one statement and no more, whatever was pasted into its text.
 */
export class ScopedQuery extends Query {
  readonly #before: readonly ScopeStatement[];
  readonly #prepared: PreparedStatements;
  #completed = 0;

  constructor(
    config: ScopeQueryConfig,
    before: readonly ScopeStatement[],
    prepared: PreparedStatements,
    callback: Callback,
  ) {
    super({ ...config, queryMode: "extended" }, undefined, callback);
    this.#before = before;
    this.#prepared = prepared;
  }

  /** Whether all that comes before the statement was done. */
  get entered(): boolean {
    return this.#completed >= this.#before.length;
  }

  override submit(wire: Wire): Error | null {
    wire.stream.cork();
    try {
      for (const { text, values = [] } of this.#before) {
        const { name, isNew } = this.#prepared.use(text);
        if (isNew) wire.parse({ name, text });
        wire.bind({ statement: name, values });
        wire.execute({});
      }
      return super.submit(wire);
    } finally {
      wire.stream.uncork();
    }
  }

  // Rows of the statements before were not described, and nobody wants them.
  override handleDataRow(message: unknown): void {
    if (this.entered) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: unknown): void {
    if (this.entered) super.handleCommandComplete(message, connection);
    else this.#completed += 1;
  }
}

/** A statement that was sent, and its result to come. */
export interface SentQuery {
  readonly query: ScopedQuery;
  readonly result: Promise<pg.QueryResult>;
}

/** Sends a statement with others before it. */
export function sendScoped(
  { client, prepared }: Connection,
  config: ScopeQueryConfig,
  before: readonly ScopeStatement[],
): SentQuery {
  let settle: Callback | undefined;
  const result = new Promise<pg.QueryResult>((resolve, reject) => {
    settle = (error, rows) => {
      if (error === null || error === undefined) resolve(rows);
      else reject(error);
    };
  });
  const query = new ScopedQuery(config, before, prepared, (error, rows) => settle?.(error, rows));
  client.query(query as unknown as pg.Submittable);
  return { query, result };
}
