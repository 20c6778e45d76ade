import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { once } from "node:events";
import { expect, test } from "vitest";
import { requireFreePort } from "../../src/server/port-in-use.ts";
import { freePort } from "../support/free-port.ts";
import { listeningInodes } from "../../src/server/port-owner.ts";

const listen = async (host: string): Promise<[Server, number]> => {
  const server = createServer().listen(0, host);
  await once(server, "listening");
  return [server, (server.address() as AddressInfo).port];
};

test.each(["127.0.0.1", "::1", "0.0.0.0", "::"])("a listener on %s is in the way", async (host) => {
  const [server, port] = await listen(host);
  await expect(requireFreePort(port)).rejects.toMatchObject({ code: "TNT-226" });
  server.close();
  await once(server, "close");
  await requireFreePort(port);
});

test("the process is named where the system tells", async () => {
  const [server, port] = await listen("127.0.0.1");
  const owner = process.platform === "linux" ? ` by process ${process.pid} ` : "";
  await expect(requireFreePort(port)).rejects.toThrow(`Port ${port} is in use${owner}`);
  server.close();
});

test("a free port is free", async () => {
  await requireFreePort(await freePort());
});

test("only listeners count in the system's table", () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:D430 00000000:0000 0A 00000000:00000000 00:00000000 00000000   101        0 4711 1 0
   1: 0100007F:D430 0100007F:9C40 01 00000000:00000000 00:00000000 00000000   101        0 4712 1 0
   2: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000   101        0 4713 1 0`;
  expect(listeningInodes(table, 54320)).toEqual(["4711"]);
});
