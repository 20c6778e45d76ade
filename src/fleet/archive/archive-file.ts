import type { Readable, Transform } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { constants, createGunzip, createZstdCompress, createZstdDecompress } from "node:zlib";
import { extract, pack } from "tar-stream";
import { HEAD_ENTRY, parseHead } from "../../core/archive-manifest.ts";
import type { ArchiveHead } from "../../core/archive-manifest.ts";
import { messageOf, TenantryError } from "../../core/errors.ts";
import type { ArchiveStore, WrittenFile } from "./store/archive-store.ts";
import { startOf } from "./store/readable-of.ts";

/** Adds an entry to the archive that is being written. */
export type AddEntry = (name: string, content: Buffer | string) => Promise<void>;

/** The same contents then give the same bytes. */
const NO_TIME = new Date(0);

/**
 * Writes an archive: a tar stream, compressed with zstd.
 *
 * @throws {TenantryError} TNT-712 when the place refuses, a full disk for instance; and what `fill` throws. Nothing is
 *   left then.
 */
export async function writeArchiveFile(
  store: ArchiveStore,
  location: string,
  fill: (add: AddEntry) => Promise<void>,
): Promise<WrittenFile> {
  const tar = pack();
  const compress = createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } });
  // Its error comes out of what is written, too.
  pipeline(tar, compress).catch(() => undefined);
  const written = store.write(location, compress);
  const add: AddEntry = (name, content) =>
    new Promise((resolve, reject) => {
      const header = { name, mtime: NO_TIME, mode: 0o600 };
      const entry = tar.entry(header, content as string, (error) => {
        if (error) reject(error);
        else resolve();
      });
      entry.on("error", reject);
    });
  try {
    // Whatever fails first ends the other: a full disk would leave `fill` waiting for ever.
    await Promise.race([fill(add), written]);
    tar.finalize();
    return await written;
  } catch (error) {
    tar.destroy(error instanceof Error ? error : undefined);
    // Nothing is left then, and the place tells its own errors best.
    await written;
    throw error;
  }
}

const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** @returns what is compressed, and what decompresses it */
async function compressed(location: string, content: Readable): Promise<[Readable, Transform]> {
  const { start, whole } = await startOf(content, ZSTD.length);
  if (start.subarray(0, ZSTD.length).equals(ZSTD)) return [whole, createZstdDecompress()];
  if (start.subarray(0, GZIP.length).equals(GZIP)) return [whole, createGunzip()];
  whole.destroy();
  throw new TenantryError("TNT-701", {
    file: location,
    reason: "it is not compressed with zstd or gzip",
  });
}

/** An entry of an archive; its content must be read to the end before the next one comes. */
export interface ArchiveEntry {
  readonly name: string;
  readonly content: AsyncIterable<Buffer>;
}

/**
 * The entries of an archive, in order.
 *
 * @throws {TenantryError} TNT-701 when it is damaged or cut short; TNT-703, TNT-720, TNT-721 when it cannot be read
 */
export async function* archiveEntries(
  store: ArchiveStore,
  location: string,
): AsyncGenerator<ArchiveEntry> {
  const content = await store.read(location);
  const tar = extract();
  try {
    // Its error comes out of the loop, too.
    const flow = pipeline(...(await compressed(location, content)), tar);
    flow.catch(() => undefined);
    for await (const entry of tar)
      yield { name: entry.header.name, content: sound(location, entry as AsyncIterable<Buffer>) };
    await flow;
  } catch (cause) {
    throw damaged(location, cause);
  }
}

/** What is read, with the errors of the file in our words. */
async function* sound(location: string, content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* content;
  } catch (cause) {
    throw damaged(location, cause);
  }
}

function damaged(file: string, cause: unknown): unknown {
  if (cause instanceof TenantryError) return cause;
  return new TenantryError("TNT-701", { file, reason: messageOf(cause) }, { cause });
}

/**
 * What an archive says at its beginning; the rest is not looked at.
 *
 * @throws {TenantryError} TNT-702, and as `archiveEntries`
 */
export async function readArchiveHead(store: ArchiveStore, location: string): Promise<ArchiveHead> {
  const entries = archiveEntries(store, location);
  try {
    return await nextHead(entries, location);
  } finally {
    await entries.return(undefined);
  }
}

/** Takes the head off an archive's entries. */
export async function nextHead(
  entries: AsyncGenerator<ArchiveEntry>,
  file: string,
): Promise<ArchiveHead> {
  const first = await entries.next();
  if (first.done === true || first.value.name !== HEAD_ENTRY)
    throw new TenantryError("TNT-701", { file, reason: `it does not begin with ${HEAD_ENTRY}` });
  return parseHead(file, (await buffer(first.value.content)).toString());
}
