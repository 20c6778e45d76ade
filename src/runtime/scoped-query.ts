import pg from "pg";

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
interface Connection {
  readonly stream: { cork: () => void; uncork: () => void };
  readonly parse: (message: { text: string }) => void;
  readonly bind: (message: object) => void;
  readonly execute: (message: object) => void;
}

/** What `pg` calls on a query as answers come in. */
interface QueryHandlers {
  submit(connection: Connection): Error | null;
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
  readonly #before: readonly string[];
  #completed = 0;

  constructor(config: ScopeQueryConfig, before: readonly string[], callback: Callback) {
    super({ ...config, queryMode: "extended" }, undefined, callback);
    this.#before = before;
  }

  /** Whether all that comes before the statement was done. */
  get entered(): boolean {
    return this.#completed >= this.#before.length;
  }

  override submit(connection: Connection): Error | null {
    connection.stream.cork();
    try {
      for (const text of this.#before) {
        connection.parse({ text });
        connection.bind({});
        connection.execute({});
      }
      return super.submit(connection);
    } finally {
      connection.stream.uncork();
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
  client: pg.ClientBase,
  config: ScopeQueryConfig,
  before: readonly string[],
): SentQuery {
  let settle: Callback | undefined;
  const result = new Promise<pg.QueryResult>((resolve, reject) => {
    settle = (error, rows) => {
      if (error === null || error === undefined) resolve(rows);
      else reject(error);
    };
  });
  const query = new ScopedQuery(config, before, (error, rows) => settle?.(error, rows));
  client.query(query as unknown as pg.Submittable);
  return { query, result };
}
