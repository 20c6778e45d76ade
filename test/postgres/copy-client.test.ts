import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { copyOut, withCopyClient } from "../../src/postgres/copy-client.ts";
import { createPool } from "../../src/postgres/pool.ts";
import { sharedCluster } from "../support/cluster.ts";
import { WireFrames } from "../support/wire-frames.ts";

/** A port through which each message of the server arrives by itself, as over a slow network. */
async function slowNetwork(target: { host: string; port: number }): Promise<number> {
  const listener = createServer({ noDelay: true }, (client) => {
    const server = connect(target.port, target.host);
    const frames = new WireFrames("server");
    let last = Promise.resolve();
    for (const socket of [client, server]) socket.on("error", () => undefined);
    client.pipe(server);
    server.on("data", (data) => {
      for (const { bytes } of frames.read(data))
        last = last.then(async () => {
          await sleep(2);
          client.write(bytes);
        });
    });
    server.on("close", () => client.end());
  }).listen(0, "127.0.0.1");
  await once(listener, "listening");
  onTestFinished(() => void listener.close());
  return (listener.address() as AddressInfo).port;
}

test("the number of rows is known when the last one has come, however slowly it follows", async () => {
  const cluster = await sharedCluster();
  const { host, user, password, database } = cluster;
  const pool = createPool({ host, port: await slowNetwork(cluster), user, password, database });
  onTestFinished(() => pool.end());
  await withCopyClient(pool, async (client) => {
    const rows = copyOut(client, "copy (select n from generate_series(1, 3) n) to stdout");
    expect((await buffer(rows)).toString()).toBe("1\n2\n3\n");
    expect(rows.rowCount).toBe(3);
    expect((await client.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });
});

test("an error in the middle ends the rows with it", async () => {
  const { host, port, user, password, database } = await sharedCluster();
  const pool = createPool({ host, port, user, password, database });
  onTestFinished(() => pool.end());
  await withCopyClient(pool, async (client) => {
    const rows = copyOut(
      client,
      "copy (select 1 / (n - 2) from generate_series(1, 3) n) to stdout",
    );
    await expect(buffer(rows)).rejects.toThrow("division by zero");
  });
});
