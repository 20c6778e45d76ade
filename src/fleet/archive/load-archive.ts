import { createHash } from "node:crypto";
import { once } from "node:events";
import { buffer } from "node:stream/consumers";
import type { Writable } from "node:stream";
import type pg from "pg";
import {
  MANIFEST_ENTRY,
  parseManifest,
  rowsProblem,
  tableOfEntry,
  tableTitle,
} from "../../core/archive-manifest.ts";
import type {
  ArchivedRows,
  ArchivedSequence,
  ArchivedTable,
  ArchiveHead,
  ArchiveManifest,
} from "../../core/archive-manifest.ts";
import { TenantryError } from "../../core/errors.ts";
import { quoteIdentifier } from "../../core/identifier.ts";
import { copyIn } from "../../postgres/copy-client.ts";
import { sqlstateOf } from "../../postgres/sql-error.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import { archiveEntries, nextHead } from "./archive-file.ts";
import { copyTarget } from "./copy-table.ts";
import type { Room } from "./make-room.ts";
import { openTables } from "./open-tables.ts";
import type { ArchiveStore } from "./store/archive-store.ts";

interface Loaded {
  readonly manifest: ArchiveManifest;
  readonly tables: readonly ArchivedRows[];
}

/**
 * Loads an archive's rows into empty tables, in the transaction under way. Foreign keys are dropped and added again,
 * which checks them as a whole; triggers of people do not fire, since what they did is among the rows.
 *
 * @param makeRoom makes the tables, once it is known which ones
 * @throws {TenantryError} TNT-701 to TNT-703, TNT-720, TNT-721 when the file cannot be used; TNT-705 when its rows are not those that it
 *   says it holds
 */
export async function loadArchive(
  client: pg.Client,
  store: ArchiveStore,
  location: string,
  makeRoom: (head: ArchiveHead) => Promise<Room>,
): Promise<Loaded> {
  const entries = archiveEntries(store, location);
  const head = await nextHead(entries, location);
  const room = await makeRoom(head);
  const restore = await openTables(client, room);
  const loaded: (ArchivedRows | undefined)[] = [];
  let manifest: ArchiveManifest | undefined;
  let current: TableLoad | undefined;
  const finish = async (): Promise<void> => {
    if (current) loaded[current.index] = await current.end();
    current = undefined;
  };
  for await (const { name, content } of entries) {
    const index = tableOfEntry(name);
    const table = index === undefined ? undefined : head.tables[index];
    if (index !== undefined && table !== undefined) {
      if (current?.index !== index) await finish();
      current ??= new TableLoad(client, { location, index, table, room });
      await current.take(content);
    } else if (name === MANIFEST_ENTRY) {
      await finish();
      manifest = parseManifest(location, (await buffer(content)).toString());
    } else await buffer(content);
  }
  if (manifest === undefined)
    throw new TenantryError("TNT-701", { file: location, reason: "it is cut short" });
  const tables = head.tables.map((_, index) => loaded[index] ?? NO_ROWS);
  requireRows(location, manifest, tables);
  await runStatements(client, restore);
  return { manifest, tables };
}

const NO_ROWS: ArchivedRows = { rows: 0, bytes: 0, digest: createHash("sha256").digest("hex") };

/** @throws {TenantryError} TNT-705 */
export function requireRows(
  file: string,
  { tables }: ArchiveManifest,
  found: readonly ArchivedRows[],
): void {
  const problems = tables.flatMap(
    (table, index) => rowsProblem(table, found[index] ?? NO_ROWS) ?? [],
  );
  if (problems.length > 0 || tables.length !== found.length)
    throw new TenantryError("TNT-705", { file, problems });
}

interface Load {
  /** The archive. */
  readonly location: string;
  readonly index: number;
  readonly table: ArchivedTable;
  readonly room: Room;
}

/** Sends one table's rows to PostgreSQL. */
class TableLoad {
  readonly index: number;
  readonly #stream: Writable & { rowCount: number };
  readonly #hash = createHash("sha256");
  readonly #done: Promise<unknown>;
  #refused = false;
  #bytes = 0;

  constructor(client: pg.Client, { location, index, table, room }: Load) {
    this.index = index;
    const schema = table.place === "tenant" ? room.schema : room.centralSchema;
    this.#stream = copyIn(client, `copy ${copyTarget(table, schema)} from stdin`);
    this.#done = once(this.#stream, "finish").catch((cause: unknown) => {
      // PostgreSQL's own words would quote the row.
      const problem = `${tableTitle(table)} has rows that PostgreSQL does not take (SQLSTATE ${sqlstateOf(cause) ?? "none"})`;
      throw new TenantryError("TNT-705", { file: location, problems: [problem] }, { cause });
    });
    this.#done.catch(() => undefined);
    // A stream that PostgreSQL ended fails in words of its own when more is written.
    this.#stream.on("error", () => (this.#refused = true));
  }

  async take(content: AsyncIterable<Buffer>): Promise<void> {
    for await (const chunk of content) {
      this.#hash.update(chunk);
      this.#bytes += chunk.length;
      if (this.#refused) await this.#done;
      if (!this.#stream.write(chunk)) await Promise.race([once(this.#stream, "drain"), this.#done]);
    }
  }

  async end(): Promise<ArchivedRows> {
    if (!this.#refused) this.#stream.end();
    await this.#done;
    return { rows: this.#stream.rowCount, bytes: this.#bytes, digest: this.#hash.digest("hex") };
  }
}

/** Brings sequences to where they stood. */
export async function setSequences(
  client: pg.Client,
  schema: string,
  sequences: readonly ArchivedSequence[],
): Promise<void> {
  await runStatements(
    client,
    sequences.map(({ name, value, called }) => ({
      text: "select setval($1::regclass, $2::bigint, $3::boolean)",
      values: [`${quoteIdentifier(schema)}.${quoteIdentifier(name)}`, value, called],
      file: `setting the sequence ${name}`,
    })),
  );
}
