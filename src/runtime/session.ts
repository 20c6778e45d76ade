import type pg from "pg";
import { PreparedStatements } from "./prepared-statements.ts";

/** What is known of a client's session, from its first scope to its end. */
export interface Session {
  readonly prepared: PreparedStatements;
  /** Why it ended, if it did: what the server said, or the network. */
  readonly end: { reason?: Error };
}

const sessions = new WeakMap<pg.ClientBase, Session>();

/**
 * The session of a client. The first time it costs a round trip: a pooler gives its clients process ids of its own,
 * which tells it from a server.
 */
export async function sessionOf(client: pg.ClientBase): Promise<Session> {
  const known = sessions.get(client);
  if (known !== undefined) return known;
  const end: Session["end"] = {};
  client.on("error", (error) => (end.reason ??= error));
  const { rows } = await client.query<{ process: number }>("select pg_backend_pid() as process");
  const { processID } = client as { readonly processID?: unknown };
  const prepared = new PreparedStatements({ direct: rows[0]?.process === processID });
  const session = { prepared, end };
  sessions.set(client, session);
  return session;
}
