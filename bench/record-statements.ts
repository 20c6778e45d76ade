import pg from "pg";
import type { FleetContext } from "../src/fleet/context.ts";

/** A statement as it was sent. */
export interface Sent {
  readonly text: string;
  readonly values: unknown[];
}

/** What a use case that uses one connection sends, in its order. */
export async function recordStatements(
  context: FleetContext,
  work: (context: FleetContext) => Promise<unknown>,
): Promise<Sent[]> {
  const sent: Sent[] = [];
  const client = await context.pool.connect();
  const original = client.query.bind(client) as (...args: unknown[]) => unknown;
  const recording = (text: unknown, values: unknown, ...rest: unknown[]): unknown => {
    if (typeof text === "string")
      sent.push({ text, values: Array.isArray(values) ? (values as unknown[]) : [] });
    return original(text, values, ...rest);
  };
  Object.assign(client, { query: recording });
  const pool = Object.assign(Object.create(context.pool) as pg.Pool, {
    connect: () => Promise.resolve(client),
  });
  const release = client.release.bind(client);
  Object.assign(client, { release: () => undefined });
  await work({ ...context, pool });
  Object.assign(client, { query: original });
  release(true);
  return sent;
}

/** Recorded statements with another word, such as a tenant's id, in place of one that occurs nowhere else. */
export function replayed(sent: readonly Sent[], word: string, other: string): Sent[] {
  const rename = (value: unknown): unknown =>
    typeof value === "string" ? value.replaceAll(word, other) : value;
  return sent.map(({ text, values }) => ({
    text: text.replaceAll(word, other),
    values: values.map(rename),
  }));
}

/** A connection of bare `pg` to where the context's pool leads. */
export async function connectBare(context: FleetContext): Promise<pg.Client> {
  const lent = await context.pool.connect();
  const { host, port, user, password, database } = lent as unknown as pg.Client;
  lent.release();
  const client = new pg.Client({
    host,
    port,
    ...(user !== undefined && { user }),
    ...(typeof password === "string" && { password }),
    ...(database !== undefined && { database }),
  });
  await client.connect();
  return client;
}
