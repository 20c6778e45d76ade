import { createHash, randomUUID } from "node:crypto";
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  closeSync,
} from "node:fs";
import { rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createGunzip, createZstdCompress, createZstdDecompress } from "node:zlib";
import { extract, pack } from "tar-stream";
import { buffer } from "node:stream/consumers";
import { HEAD_ENTRY, parseHead } from "../../core/archive-manifest.ts";
import type { ArchiveHead } from "../../core/archive-manifest.ts";
import { messageOf, TenantryError } from "../../core/errors.ts";
import { syncDirectory } from "../../system/write-file.ts";

/** What came of writing. */
export interface WrittenFile {
  readonly bytes: number;
  /** SHA-256 of the file, in hexadecimal. */
  readonly checksum: string;
}

/** Adds an entry to the archive that is being written. */
export type AddEntry = (name: string, content: Buffer | string) => Promise<void>;

/** The same contents then give the same bytes. */
const NO_TIME = new Date(0);

/**
 * Writes an archive: a tar stream, compressed with zstd. It is under another name until it is whole and on the disk.
 *
 * @throws {TenantryError} TNT-712 when the system refuses, a full disk for instance; and what `fill` throws. Nothing is
 *   left then.
 */
export async function writeArchiveFile(
  path: string,
  fill: (add: AddEntry) => Promise<void>,
): Promise<WrittenFile> {
  const temporary = `${path}.${randomUUID()}`;
  const tar = pack();
  const hash = createHash("sha256");
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  const compress = createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } });
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = createWriteStream(temporary, { flags: "wx", mode: 0o600, flush: true });
    const written = pipeline(tar, compress, measure, file);
    const add: AddEntry = (name, content) =>
      new Promise((resolve, reject) => {
        const header = { name, mtime: NO_TIME, mode: 0o600 };
        const entry = tar.entry(header, content as string, (error) => {
          if (error) reject(error);
          else resolve();
        });
        entry.on("error", reject);
      });
    // Whatever fails first ends the other: a full disk would leave `fill` waiting for ever.
    await Promise.race([fill(add), written]);
    tar.finalize();
    await written;
    await rename(temporary, path);
  } catch (error) {
    tar.destroy();
    await rm(temporary, { force: true }).catch(() => undefined);
    throw refused(path, error);
  }
  syncDirectory(dirname(path));
  return { bytes, checksum: hash.digest("hex") };
}

/** What {@link writeArchiveFile} writes before it is whole. */
const UNFINISHED = /\.tar\.zst\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Removes what killed programs left half written. Only for who keeps others from writing such files meanwhile.
 *
 * @param prefix of the files' names
 * @throws {TenantryError} TNT-712 when the system refuses
 */
export async function removeUnfinished(directory: string, prefix: string): Promise<void> {
  try {
    if (!existsSync(directory)) return;
    const names = readdirSync(directory).filter(
      (name) => name.startsWith(prefix) && UNFINISHED.test(name),
    );
    for (const name of names) await rm(join(directory, name), { force: true });
  } catch (cause) {
    throw refused(directory, cause);
  }
}

/** What the system said, in our words; any other error as it is. */
function refused(file: string, cause: unknown): unknown {
  if (!(cause instanceof Error && "syscall" in cause)) return cause;
  return new TenantryError("TNT-712", { file, reason: cause.message }, { cause });
}

const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

function decompressor(path: string): Transform {
  const start = Buffer.alloc(4);
  const handle = openSync(path, "r");
  try {
    readSync(handle, start);
  } finally {
    closeSync(handle);
  }
  if (start.equals(ZSTD)) return createZstdDecompress();
  if (start.subarray(0, 2).equals(GZIP)) return createGunzip();
  throw new TenantryError("TNT-701", {
    file: path,
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
 * @throws {TenantryError} TNT-701 when it is damaged or cut short; TNT-703 when it cannot be read
 */
export async function* archiveEntries(path: string): AsyncGenerator<ArchiveEntry> {
  let unpack: Transform;
  try {
    unpack = decompressor(path);
  } catch (cause) {
    if (cause instanceof TenantryError) throw cause;
    throw new TenantryError("TNT-703", { file: path, reason: messageOf(cause) }, { cause });
  }
  const tar = extract();
  // Its error comes out of the loop, too.
  const flow = pipeline(createReadStream(path), unpack, tar);
  flow.catch(() => undefined);
  try {
    for await (const entry of tar)
      yield { name: entry.header.name, content: sound(path, entry as AsyncIterable<Buffer>) };
    await flow;
  } catch (cause) {
    throw damaged(path, cause);
  }
}

/** What is read, with the errors of the file in our words. */
async function* sound(path: string, content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* content;
  } catch (cause) {
    throw damaged(path, cause);
  }
}

function damaged(file: string, cause: unknown): unknown {
  if (cause instanceof TenantryError) return cause;
  return new TenantryError("TNT-701", { file, reason: messageOf(cause) }, { cause });
}

/** What an archive says at its beginning; the rest is not looked at. @throws {TenantryError} TNT-701 to TNT-703 */
export async function readArchiveHead(path: string): Promise<ArchiveHead> {
  const entries = archiveEntries(path);
  try {
    return await nextHead(entries, path);
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

/** The checksum of a whole file, as {@link WrittenFile} has it. @throws {TenantryError} TNT-703 */
export async function fileChecksum(path: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(path), hash);
  } catch (cause) {
    throw new TenantryError("TNT-703", { file: path, reason: messageOf(cause) }, { cause });
  }
  return hash.digest("hex");
}
