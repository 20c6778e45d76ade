import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { serverStatus } from "../../src/server/server-status.ts";
import { sharedCluster, startCluster } from "../support/cluster.ts";

test("a private cluster starts, answers and stops", async () => {
  const cluster = await startCluster();
  const database = await cluster.createDatabase();
  const client = await cluster.connect({ database });
  const { rows } = await client.query<{ version: string }>("show server_version");
  expect(rows).toEqual([{ server_version: expect.stringMatching(/^16\./) as string }]);
  await client.end();
  expect(serverStatus(cluster.dataDirectory)).toMatchObject({ port: cluster.port, ready: true });
  await cluster.stop();
  expect(serverStatus(cluster.dataDirectory)).toBeUndefined();
  expect(readFileSync(cluster.logFile, "utf8")).toContain("received immediate shutdown request");
});

test("callers at once get the same shared cluster", async () => {
  const clusters = await Promise.all([sharedCluster(), sharedCluster(), sharedCluster()]);
  expect(new Set(clusters.map(({ port }) => port)).size).toBe(1);
});
