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

/**
 * The first bytes of what is to be read, or more of them; fewer where it ends before.
 *
 * @returns `whole` to be read instead, from its first byte on
 */
export async function startOf(
  content: Readable,
  length: number,
): Promise<{ start: Buffer; whole: Readable }> {
  const pieces = content[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let start = Buffer.alloc(0);
  while (start.length < length) {
    const piece = await pieces.next();
    if (piece.done === true) break;
    start = Buffer.concat([start, piece.value]);
  }
  async function* whole(): AsyncGenerator<Buffer> {
    if (start.length > 0) yield start;
    yield* { [Symbol.asyncIterator]: () => pieces };
  }
  const readable = Readable.from(whole(), { objectMode: false });
  readable.once("close", () => content.destroy());
  return { start, whole: readable };
}
