import { open, readFile } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";
import { syncDirectory } from "../system/write-file.ts";
import { ifMissing } from "./files.ts";

/** What a file of a journal holds. */
export interface JournalContents {
  /** Up to the first line that is not whole. */
  readonly entries: readonly unknown[];
  /** Bytes of the whole lines. */
  readonly size: number;
  /** The first line that something other than the end of its writer broke, counted from 1. */
  readonly damagedLine?: number;
}

const NEWLINE = Buffer.from("\n");

/** One line: length in bytes, checksum, and as JSON the entries that were written together. */
function formatLine(entries: readonly string[]): Buffer {
  const text = Buffer.from(`[${entries.join(",")}]`);
  return Buffer.concat([Buffer.from(`${text.length} ${checksum(text)} `), text, NEWLINE]);
}

const checksum = (text: Buffer): string => crc32(text).toString(16).padStart(8, "0");

/** The entries of a journal; none when there is no journal. A last line that was torn was never promised. */
export async function readJournal(file: string): Promise<JournalContents> {
  const bytes = await readFile(file).catch(ifMissing(Buffer.alloc(0)));
  const entries: unknown[] = [];
  let size = 0;
  for (let number = 1; size < bytes.length; number += 1) {
    const rest = bytes.subarray(size);
    const length = rest.indexOf(NEWLINE);
    const written = length === -1 ? undefined : readLine(rest.subarray(0, length));
    if (!written) return { entries, size, ...(!isTorn(rest) && { damagedLine: number }) };
    entries.push(...written);
    size += length + NEWLINE.length;
  }
  return { entries, size };
}

const HEAD = /^(\d{1,10}) ([0-9a-f]{8}) /;
const LONGEST_HEAD = 20;

const headOf = (line: Buffer): RegExpExecArray | null =>
  HEAD.exec(line.toString("latin1", 0, LONGEST_HEAD));

/** The entries of a line; undefined when it is not as it was written. */
function readLine(line: Buffer): unknown[] | undefined {
  const head = headOf(line);
  if (!head) return undefined;
  const text = line.subarray(head[0].length);
  if (text.length !== Number(head[1]) || checksum(text) !== head[2]) return undefined;
  return JSON.parse(text.toString("utf8")) as unknown[];
}

/**
 * Whether the rest of a journal is a line whose writer, or whose machine, stopped: it ends too early, or blocks of it
 * never reached the disk and read as zeros. Anything else that is not whole was written whole once.
 */
function isTorn(rest: Buffer): boolean {
  const newline = rest.indexOf(NEWLINE);
  if (newline !== -1 && newline < rest.length - 1) return false;
  if (rest.includes(0)) return true;
  if (newline !== -1) return false;
  const head = headOf(rest);
  return head ? rest.length - head[0].length <= Number(head[1]) : rest.length < LONGEST_HEAD;
}

/**
 * An append-only file of changes. What `append` promised is on the disk; entries that come while the disk is busy
 * are written together, in one line. The file appears with the first entry that has to last.
 */
export class Journal {
  readonly #file: string;
  readonly #header: unknown;
  #handle: FileHandle | undefined;
  #size: number;
  #waiting: string[] = [];
  #next: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();

  /** @param size the bytes that are in the file already; what follows them is cut off */
  constructor(file: string, header: unknown, size = 0) {
    this.#file = file;
    this.#header = header;
    this.#size = size;
  }

  /** Whether anything was written. */
  get isEmpty(): boolean {
    return this.#size === 0;
  }

  /** Resolves when the entry is on the disk. */
  append(entry: unknown): Promise<void> {
    this.#waiting.push(JSON.stringify(entry));
    if (this.#next) return this.#next;
    const written = this.#last.then(() => this.#writeWaiting());
    this.#next = written;
    this.#last = written.catch(() => undefined);
    return written;
  }

  /** Keeps an entry that by itself is not worth a write: it goes with the next one. */
  defer(entry: unknown): void {
    this.#waiting.push(JSON.stringify(entry));
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#handle?.close();
    this.#handle = undefined;
  }

  async #writeWaiting(): Promise<void> {
    this.#next = undefined;
    const header = this.#size === 0 ? [JSON.stringify(this.#header)] : [];
    const text = formatLine([...header, ...this.#waiting]);
    this.#waiting = [];
    this.#handle ??= await this.#open();
    try {
      await this.#handle.appendFile(text);
      await this.#handle.datasync();
      this.#size += text.length;
    } catch (error) {
      // After half a line those that may still follow, as soon as the disk has room again, would count as damaged.
      await this.#handle.truncate(this.#size).catch(() => undefined);
      throw error;
    }
  }

  async #open(): Promise<FileHandle> {
    const handle = await open(this.#file, "a", 0o600);
    await handle.truncate(this.#size);
    syncDirectory(dirname(this.#file));
    return handle;
  }
}
