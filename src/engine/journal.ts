import { open, readFile } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";
import { syncDirectory } from "../system/write-file.ts";
import { ifMissing } from "./files.ts";

/** One line: length in bytes, checksum, text. A line that was cut short, or holds something else, is no entry. */
function formatEntry(entry: unknown): Buffer {
  const text = Buffer.from(JSON.stringify(entry));
  return Buffer.concat([Buffer.from(`${text.length} ${checksum(text)} `), text, NEWLINE]);
}

const NEWLINE = Buffer.from("\n");

const checksum = (text: Buffer): string => crc32(text).toString(16).padStart(8, "0");

/** The whole entries of a journal, up to the first that is torn, and their bytes; none when there is no journal. */
export async function readJournal(file: string): Promise<{ entries: unknown[]; size: number }> {
  const bytes = await readFile(file).catch(ifMissing(Buffer.alloc(0)));
  const entries: unknown[] = [];
  let start = 0;
  while (start < bytes.length) {
    const head = /^(\d{1,10}) ([0-9a-f]{8}) $/.exec(head24(bytes, start));
    if (!head) break;
    const from = start + head[0].length;
    const text = bytes.subarray(from, from + Number(head[1]));
    const whole = text.length === Number(head[1]) && bytes[from + text.length] === NEWLINE[0];
    if (!whole || checksum(text) !== head[2]) break;
    entries.push(JSON.parse(text.toString("utf8")));
    start = from + text.length + 1;
  }
  return { entries, size: start };
}

/** The two words before an entry's text, spaces included. */
function head24(bytes: Buffer, start: number): string {
  const head = bytes.subarray(start, start + 24).toString("latin1");
  return head.slice(0, head.indexOf(" ", head.indexOf(" ") + 1) + 1);
}

/**
 * An append-only file of changes. What `append` promised is on the disk; entries that come while the disk is busy
 * are written together. The file appears with the first entry that has to last.
 */
export class Journal {
  readonly #file: string;
  readonly #header: unknown;
  #handle: FileHandle | undefined;
  #size: number;
  #waiting: Buffer[] = [];
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
    this.#waiting.push(formatEntry(entry));
    if (this.#next) return this.#next;
    const written = this.#last.then(() => this.#writeWaiting());
    this.#next = written;
    this.#last = written.catch(() => undefined);
    return written;
  }

  /** Keeps an entry that by itself is not worth a write: it goes with the next one. */
  defer(entry: unknown): void {
    this.#waiting.push(formatEntry(entry));
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#handle?.close();
    this.#handle = undefined;
  }

  async #writeWaiting(): Promise<void> {
    this.#next = undefined;
    const batch = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#handle ??= await this.#open();
    const text = this.#size === 0 ? Buffer.concat([formatEntry(this.#header), batch]) : batch;
    try {
      await this.#handle.appendFile(text);
      await this.#handle.datasync();
      this.#size += text.length;
    } catch (error) {
      // Half an entry would hide those that may still follow, as soon as the disk has room again.
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
