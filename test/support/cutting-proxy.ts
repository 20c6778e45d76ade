import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { endsStatement, WireFrames } from "./wire-frames.ts";

/** A PostgreSQL address whose connections break after some statements. */
export interface CuttingProxy {
  readonly host: string;
  readonly port: number;
  /** How many statements reached the server. */
  statements: () => number;
  close: () => Promise<void>;
}

/**
 * Stands between a client and PostgreSQL, and cuts every connection once `limit` statements went through: the next
 * one never reaches the server. With `silently` the cut comes with the last one, before its reply: the server runs
 * it and the client never learns.
 */
export async function cuttingProxy(
  target: { readonly host: string; readonly port: number },
  limit: number,
  { silently = false } = {},
): Promise<CuttingProxy> {
  let count = 0;
  const sockets: Socket[] = [];
  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    sockets.push(client, upstream);
    for (const socket of [client, upstream]) socket.on("error", () => undefined);
    const frames = new WireFrames("client");
    upstream.on("data", (data) => client.write(data));
    upstream.on("close", () => client.destroy());
    client.on("close", () => upstream.end());
    client.on("data", (data) => {
      for (const frame of frames.read(data)) {
        if (client.destroyed) return;
        const isEnd = endsStatement(frame);
        if (isEnd && count === limit) {
          client.destroy();
          return;
        }
        if (isEnd) count += 1;
        upstream.write(frame.bytes);
        if (silently && isEnd && count === limit) client.destroy();
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    host: "127.0.0.1",
    port: (server.address() as AddressInfo).port,
    statements: () => count,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
