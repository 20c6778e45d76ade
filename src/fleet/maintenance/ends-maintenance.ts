import { TenantryError } from "../../core/errors.ts";
import { sqlstateOf } from "../../postgres/sql-error.ts";
import { SQLSTATE } from "../../postgres/sqlstate.ts";

/** Classes of SQLSTATE that meet every table alike: connection, resources, operator, system. */
const CLASSES = ["08", "53", "57", "58"];

/**
 * Whether an error is about more than one table: no connection, a server that stops, a full disk. A statement that
 * somebody cancelled is about that statement.
 */
export function endsMaintenance(error: unknown): boolean {
  const state = sqlstateOf(error);
  if (state === SQLSTATE.queryCanceled) return false;
  if (state !== undefined) return CLASSES.includes(state.slice(0, 2));
  return !(error instanceof TenantryError && error.code === "TNT-404");
}
