import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

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
    const frames = new FrontendFrames();
    upstream.on("data", (data) => client.write(data));
    upstream.on("close", () => client.destroy());
    client.on("close", () => upstream.end());
    client.on("data", (data) => {
      for (const { bytes, endsStatement } of frames.read(data)) {
        if (client.destroyed) return;
        if (endsStatement && count === limit) {
          client.destroy();
          return;
        }
        if (endsStatement) count += 1;
        upstream.write(bytes);
        if (silently && endsStatement && count === limit) client.destroy();
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

/** Divides what a client sends into messages of PostgreSQL's protocol. */
class FrontendFrames {
  #rest = Buffer.alloc(0);
  #started = false;

  read(data: Buffer): { bytes: Buffer; endsStatement: boolean }[] {
    this.#rest = Buffer.concat([this.#rest, data]);
    const frames: { bytes: Buffer; endsStatement: boolean }[] = [];
    for (;;) {
      // The first message has no type byte.
      const header = this.#started ? 1 : 0;
      if (this.#rest.length < header + 4) return frames;
      const length = header + this.#rest.readUInt32BE(header);
      if (this.#rest.length < length) return frames;
      const bytes = this.#rest.subarray(0, length);
      // Q = a simple query; S = Sync, which ends a query with parameters.
      const type = this.#started ? String.fromCharCode(bytes[0]!) : "";
      frames.push({ bytes, endsStatement: type === "Q" || type === "S" });
      this.#rest = this.#rest.subarray(length);
      this.#started = true;
    }
  }
}
