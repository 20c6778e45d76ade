import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { endsStatement, WireFrames } from "./wire-frames.ts";
import type { Frame } from "./wire-frames.ts";

/** A place in a run: a statement, before the server gets it or when the server is done with it, its reply on the way. */
export interface Moment {
  /** Its text, as {@link plainText} has it. */
  readonly statement: string;
  /** How many of the same text came before it. */
  readonly earlier: number;
  readonly side: "before" | "after";
}

/** A statement's text without its numbers, which differ from one tenant to the next. */
const plainText = (text: string): string => text.replaceAll(/\d+/g, "#");

interface Target {
  readonly host: string;
  readonly port: number;
}

interface Link {
  readonly client: Socket;
  readonly server: Socket;
  /** The text of the last query with parameters. */
  parsed: string;
  /** How many replies end before the one that counts; undefined as long as it was not asked for. */
  repliesUntil: number | undefined;
  readonly toServer: Buffer[];
  readonly toClient: Buffer[];
}

/**
 * Stands between clients and PostgreSQL, counts the statements of all connections, and stops the world at one of them:
 * from then on nothing passes, either way, until it is let go.
 */
export class HaltingProxy {
  readonly host = "127.0.0.1";
  readonly port: number;
  readonly #listener: Server;
  readonly #links = new Set<Link>();
  #statements: string[] = [];
  #moment: Moment | undefined;
  #isHalted = false;
  #halted = Promise.withResolvers<unknown>();

  private constructor(listener: Server) {
    this.#listener = listener;
    this.port = (listener.address() as AddressInfo).port;
  }

  static async start({ host, port }: Target): Promise<HaltingProxy> {
    const listener = createServer({ noDelay: true }, (client) => {
      proxy.#connect(client, connect({ host, port, noDelay: true }));
    });
    listener.listen(0, "127.0.0.1");
    await once(listener, "listening");
    const proxy = new HaltingProxy(listener);
    return proxy;
  }

  /** Counts anew, and halts at a moment, if one is given. @returns resolves when it has come */
  watch(moment?: Moment): Promise<unknown> {
    this.#statements = [];
    this.#moment = moment;
    this.#halted = Promise.withResolvers();
    return this.#halted.promise;
  }

  /** The statements since `watch`, as {@link plainText} has them. */
  get statements(): readonly string[] {
    return this.#statements;
  }

  /** Lets through what waits, and all that comes. */
  release(): void {
    this.#moment = undefined;
    this.#isHalted = false;
    for (const link of this.#links) {
      for (const bytes of link.toServer.splice(0)) link.server.write(bytes);
      for (const bytes of link.toClient.splice(0)) link.client.write(bytes);
    }
  }

  async close(): Promise<void> {
    for (const { client, server } of this.#links)
      for (const socket of [client, server]) socket.destroy();
    this.#listener.close();
    await once(this.#listener, "close");
  }

  #connect(client: Socket, server: Socket): void {
    const link: Link = {
      ...{ client, server, parsed: "", repliesUntil: undefined },
      ...{ toServer: [], toClient: [] },
    };
    this.#links.add(link);
    const [asked, told] = [new WireFrames("client"), new WireFrames("server")];
    // The login has a reply, too.
    let replies = 1;
    client.on("data", (data) => {
      for (const frame of asked.read(data)) this.#ask(link, frame, () => (replies += 1) - 1);
    });
    server.on("data", (data) => {
      for (const frame of told.read(data)) {
        if (frame.type === "Z") replies -= 1;
        this.#tell(link, frame);
      }
    });
    // The end of one is the end of the other, also while nothing passes: a killed program's sessions end at once.
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on("error", () => undefined);
      one.on("close", () => {
        other.end();
        this.#links.delete(link);
      });
    }
  }

  /** @param expectReply counts the reply of a statement, and tells how many are under way before it */
  #ask(link: Link, frame: Frame, expectReply: () => number): void {
    if (frame.type === "P") link.parsed = textOf(frame, 1);
    if (this.#isHalted) {
      link.toServer.push(frame.bytes);
      return;
    }
    if (endsStatement(frame)) {
      const side = this.#sideOf(plainText(frame.type === "Q" ? textOf(frame, 0) : link.parsed));
      if (side === "before") {
        link.toServer.push(frame.bytes);
        this.#halt();
        return;
      }
      const repliesUntil = expectReply();
      if (side === "after") link.repliesUntil = repliesUntil;
    }
    link.server.write(frame.bytes);
  }

  /** Counts a statement. @returns on which side of it to halt */
  #sideOf(statement: string): Moment["side"] | undefined {
    const { statement: wanted, earlier, side } = this.#moment ?? {};
    const before = this.#statements.filter((text) => text === statement).length;
    this.#statements.push(statement);
    return statement === wanted && before === earlier ? side : undefined;
  }

  #tell(link: Link, frame: Frame): void {
    if (frame.type === "Z" && link.repliesUntil !== undefined) {
      if (link.repliesUntil === 0) this.#halt();
      link.repliesUntil -= 1;
    }
    if (this.#isHalted) link.toClient.push(frame.bytes);
    else link.client.write(frame.bytes);
  }

  #halt(): void {
    this.#isHalted = true;
    this.#halted.resolve(undefined);
  }
}

/** A text in a message, after as many other ones. */
function textOf({ bytes }: Frame, after: number): string {
  return bytes.subarray(5).toString("utf8").split("\0")[after] ?? "";
}
