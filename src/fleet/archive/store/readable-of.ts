import { once } from "node:events";
import { Readable } from "node:stream";

/** The same bytes, with its errors in other words. */
export function readableOf(
  content: AsyncIterable<Uint8Array>,
  explain: (cause: unknown) => unknown,
): Readable {
  async function* told(): AsyncGenerator<Uint8Array> {
    try {
      yield* content;
    } catch (cause) {
      throw explain(cause);
    }
  }
  return Readable.from(told(), { objectMode: false });
}

/** The first bytes of what is to be read, which stay in it; fewer where it ends before. */
export async function startOf(content: Readable, length: number): Promise<Buffer> {
  for (;;) {
    const start = content.read(length) as Buffer | null;
    if (start !== null) {
      content.unshift(start);
      return start;
    }
    if (content.readableEnded) return Buffer.alloc(0);
    await Promise.race([once(content, "readable"), once(content, "end")]);
  }
}
