import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { tableTitle } from "../../core/archive-manifest.ts";
import { TenantryError } from "../../core/errors.ts";
import type { RowSelection } from "../../core/row-selection.ts";
import { copyIn, copyOut } from "../../postgres/copy-client.ts";
import { sqlstateOf } from "../../postgres/sql-error.ts";
import { copyTarget } from "../archive/copy-table.ts";
import type { Room } from "../archive/make-room.ts";
import { maskingFailure } from "./masking-failure.ts";

/**
 * Streams the rows of a table from one connection to another; how many are in memory does not depend on how many there
 * are.
 *
 * @param work.id the new tenant's, for messages
 * @throws {TenantryError} TNT-429 when the source does not give a row, TNT-430 when the new table does not take one
 */
export async function transferRows(
  source: pg.Client,
  target: pg.Client,
  work: { readonly selection: RowSelection; readonly room: Room; readonly id: string },
): Promise<void> {
  const { selection, room, id } = work;
  const { table, query } = selection;
  const schema = table.place === "tenant" ? room.schema : room.centralSchema;
  const reading = copyOut(source, `copy (${query}) to stdout`);
  const writing = copyIn(target, `copy ${copyTarget(table, schema)} from stdin`);
  // The pipeline hands an error on to the other stream: whose it is, tells which one had it first.
  let failed: "reading" | "writing" | undefined;
  reading.once("error", () => (failed ??= "reading"));
  writing.once("error", () => (failed ??= "writing"));
  try {
    await pipeline(reading, writing);
  } catch (cause) {
    if (failed === "reading") throw maskingFailure(tableTitle(table), cause);
    throw untaken(id, tableTitle(table), cause);
  }
}

/** PostgreSQL's own words would quote the row. */
function untaken(id: string, table: string, cause: unknown): unknown {
  const state = sqlstateOf(cause);
  if (state === undefined) return cause;
  const { constraint } = cause as { readonly constraint?: string };
  return new TenantryError("TNT-430", { id, table, state, constraint }, { cause });
}
