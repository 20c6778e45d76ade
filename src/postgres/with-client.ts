import type { Pool, PoolClient } from "pg";
import { connectionError, placeOf } from "./connection-error.ts";

/**
 * Lends a connection. After an error it is closed rather than used again: settings, locks and roles of the session
 * end with it.
 *
 * @throws {TenantryError} TNT-401, TNT-416 to TNT-421 when PostgreSQL cannot be reached or refuses the login.
 */
export async function withClient<T>(
  pool: Pool,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await connect(pool);
  let failed = true;
  // A connection that breaks while it is lent also reports it here; the query in flight fails with the cause.
  const ignore = (): void => undefined;
  client.on("error", ignore);
  try {
    const result = await work(client);
    failed = false;
    return result;
  } finally {
    client.off("error", ignore);
    client.release(failed);
  }
}

async function connect(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (cause) {
    throw connectionError(placeOf(pool), cause);
  }
}
