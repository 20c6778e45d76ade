import pg from "pg";
import type { Pool } from "pg";
import { from, to } from "pg-copy-streams";
import { connectionError, placeOf } from "./connection-error.ts";
import type { CopyStreamQuery, CopyToStreamQuery } from "pg-copy-streams";

/**
 * A connection of its own for COPY: the pool's connections send statements ahead of their replies, and a stream of
 * rows cannot be mixed with that.
 *
 * @throws {TenantryError} as `withClient`, when PostgreSQL cannot be reached or refuses the login
 */
export async function withCopyClient<T>(
  pool: Pool,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  // The pool hides its password from whoever looks at all of its options.
  const { password } = pool.options;
  const client = new pg.Client({ ...pool.options, password, pipeline: false });
  // A connection that breaks also reports it here; the query in flight fails with the cause.
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (cause) {
    throw connectionError(placeOf(pool), cause);
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * The rows that a `COPY ... TO STDOUT` gives, as PostgreSQL's text format has them. The stream ends when PostgreSQL has
 * told their number, `rowCount`, which comes after the last row and, over a network, later.
 */
export function copyOut(client: pg.Client, statement: string): CopyToStreamQuery {
  const stream = to(statement);
  const push = stream.push.bind(stream);
  return client.query(
    Object.assign(stream, {
      push: (chunk: Buffer | null) => chunk === null || push(chunk),
      handleReadyForQuery: () => {
        push(null);
      },
    }),
  );
}

/** What a `COPY ... FROM STDIN` takes. */
export const copyIn = (client: pg.Client, statement: string): CopyStreamQuery =>
  client.query(from(statement));
