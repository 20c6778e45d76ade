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
  readonly sync: () => void;
}

/** What `pg` calls on a query as answers come in. */
interface QueryHandlers {
  queryMode: string | undefined;
  submit(wire: Wire): Error | null;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: unknown): void;
}

type Callback = (error: Error | null | undefined, result: pg.QueryResult) => void;

/** The class has these methods; its published types leave them out. */
const Query = pg.Query as unknown as new (
  config: string | object,
  values: readonly unknown[] | undefined,
  callback: Callback,
) => QueryHandlers;

/** What is sent, and what before it. */
interface Sending {
  readonly before: readonly ScopeStatement[];
  readonly prepared: PreparedStatements;
  /** Whether the statement is the scope's own, too: of those no row is wanted. */
  readonly own: boolean;
}

/**
 * A statement with others before it, sent in one piece: one round trip, and the server stops at the first error. Always
 * by the extended protocol, which takes one statement and no more, whatever was pasted into its text.
 */
export class ScopedQuery extends Query {
  readonly #statement: ScopeQueryConfig;
  readonly #sending: Sending;
  #completed = 0;

  constructor(statement: ScopeQueryConfig, sending: Sending, callback: Callback) {
    const { text, values, rowMode, types } = statement;
    const isPlain = rowMode === undefined && types === undefined;
    // pg copies an object property by property, which a statement of text and values can do without.
    super(isPlain ? text : { text, rowMode, types }, values, callback);
    this.queryMode = "extended";
    this.#statement = statement;
    this.#sending = sending;
  }

  /** Whether all that comes before the statement was done. */
  get entered(): boolean {
    return this.#completed >= this.#sending.before.length;
  }

  override submit(wire: Wire): Error | null {
    const { before, own } = this.#sending;
    wire.stream.cork();
    try {
      for (const statement of before) this.#send(wire, statement);
      if (!own) return super.submit(wire);
      this.#send(wire, this.#statement);
      wire.sync();
      return null;
    } finally {
      wire.stream.uncork();
    }
  }

  #send(wire: Wire, { text, values = [] }: ScopeQueryConfig): void {
    const { name, isNew } = this.#sending.prepared.use(text);
    if (isNew) wire.parse({ name, text });
    wire.bind({ statement: name, values });
    wire.execute({});
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
export const sendScoped = (
  connection: Connection,
  statement: ScopeQueryConfig,
  before: readonly ScopeStatement[],
): SentQuery => send(connection, statement, before, false);

/** Sends a statement of the scope's own with others before it, and tells its command tag. */
export const sendOwn = async (
  connection: Connection,
  statement: ScopeStatement,
  before: readonly ScopeStatement[],
): Promise<string> => (await send(connection, statement, before, true).result).command;

function send(
  { client, prepared }: Connection,
  statement: ScopeQueryConfig,
  before: readonly ScopeStatement[],
  own: boolean,
): SentQuery {
  let settle: Callback | undefined;
  const result = new Promise<pg.QueryResult>((resolve, reject) => {
    settle = (error, rows) => {
      if (error === null || error === undefined) resolve(rows);
      else reject(error);
    };
  });
  const query = new ScopedQuery(statement, { before, prepared, own }, (error, rows) =>
    settle?.(error, rows),
  );
  client.query(query as unknown as pg.Submittable);
  return { query, result };
}
