import { createHash } from "node:crypto";
import type pg from "pg";
import type { ArchivedRows, ArchivedTable } from "../../core/archive-manifest.ts";
import { quoteIdentifier, quoteLiteral } from "../../core/identifier.ts";
import { copyOut } from "../../postgres/copy-client.ts";

/** Where rows are: of the tenant, or in the room for its proof. */
export interface RowsPlace {
  /** Of the tenant's own tables. */
  readonly schema: string;
  /** Of the tables that stand for those in central. */
  readonly centralSchema: string;
  /** Whose rows of a table in central are meant. Default: all. */
  readonly tenant?: string;
}

const columnsOf = ({ columns }: ArchivedTable): string => columns.map(quoteIdentifier).join(", ");

/** The table that rows of the archive come from and go to, with the columns they have. */
export function copyTarget(table: ArchivedTable, schema: string): string {
  const name = `${quoteIdentifier(schema)}.${quoteIdentifier(table.name)}`;
  // A table may have no column that holds data, and rows all the same.
  return table.columns.length === 0 ? name : `${name} (${columnsOf(table)})`;
}

/** The statement that gives a table's rows. Those of central have an order; those of the tenant keep the one they have. */
function copyStatement(table: ArchivedTable, place: RowsPlace): string {
  if (table.place === "tenant") return `copy ${copyTarget(table, place.schema)} to stdout`;
  const columns = columnsOf(table);
  const from = `${quoteIdentifier(place.centralSchema)}.${quoteIdentifier(table.name)}`;
  const where =
    place.tenant === undefined ? "" : `where tenant_id = ${quoteLiteral(place.tenant)} `;
  return `copy (select ${columns} from ${from} ${where}order by ${columns}) to stdout`;
}

/** How much of a table is in memory, and in one entry of an archive. */
const PART_BYTES = 8 * 1024 * 1024;

/**
 * Reads a table's rows in parts of a bounded size.
 *
 * @param take gets each part, and is waited for. Default: they are only counted.
 */
export async function copyTable(
  client: pg.Client,
  table: ArchivedTable,
  place: RowsPlace,
  take?: (part: Buffer) => Promise<void>,
): Promise<ArchivedRows> {
  const stream = copyOut(client, copyStatement(table, place));
  const hash = createHash("sha256");
  let bytes = 0;
  let waiting: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
    if (take === undefined) continue;
    waiting.push(chunk);
    size += chunk.length;
    if (size < PART_BYTES) continue;
    await take(Buffer.concat(waiting));
    waiting = [];
    size = 0;
  }
  if (take !== undefined && size > 0) await take(Buffer.concat(waiting));
  return { rows: stream.rowCount, bytes, digest: hash.digest("hex") };
}
