import { once } from "node:events";
import { Worker } from "node:worker_threads";
import pg from "pg";
import type { Written } from "./writer.ts";

const TABLE = "public.written";

/** Lets a client write into a new table, all the time that a change takes. */
export async function writingDuring(
  login: pg.ClientConfig,
  change: () => unknown,
): Promise<Written> {
  const client = new pg.Client(login);
  await client.connect();
  await client.query(`drop table if exists ${TABLE}`);
  await client.query(`create table ${TABLE} (number int primary key)`);
  await client.end();
  const worker = new Worker(new URL("writer.ts", import.meta.url), {
    workerData: { login, table: TABLE },
  });
  try {
    await change();
    worker.postMessage("stop");
    const [written] = (await once(worker, "message")) as [Written];
    return written;
  } finally {
    await worker.terminate();
  }
}
