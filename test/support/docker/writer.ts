// A worker that writes rows one after the other, over a connection that it makes again whenever it breaks, until it is
// told to stop. It answers with what the server acknowledged.
import { setTimeout } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import pg from "pg";

/** What the writer saw. */
export interface Written {
  /** The numbers of the rows whose insertion was acknowledged. */
  readonly acknowledged: readonly number[];
  /** The longest time between two of them, in milliseconds. */
  readonly longestGap: number;
}

const PAUSE_MS = 5;
const { login, table } = workerData as { login: pg.ClientConfig; table: string };
const stop = new AbortController();
parentPort?.once("message", () => {
  stop.abort();
});

const acknowledged: number[] = [];
let [longestGap, last] = [0, performance.now()];
let client: pg.Client | undefined;

async function connected(): Promise<pg.Client> {
  if (client) return client;
  const attempt = new pg.Client({ ...login, connectionTimeoutMillis: 1000 });
  attempt.on("error", () => (client = undefined));
  await attempt.connect();
  return (client = attempt);
}

for (let number = 1; !stop.signal.aborted; number += 1) {
  try {
    await (await connected()).query(`insert into ${table} values ($1)`, [number]);
    const now = performance.now();
    longestGap = Math.max(longestGap, now - last);
    last = now;
    acknowledged.push(number);
  } catch {
    // The server is away, or was while it wrote: this number may be there or not, the next connection goes on.
    client = undefined;
  }
  await setTimeout(PAUSE_MS);
}
await client?.end();
parentPort?.postMessage({ acknowledged, longestGap } satisfies Written);
parentPort?.close();
