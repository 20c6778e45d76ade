import { TenantryError } from "../core/errors.ts";
import { sqlstateOf } from "../postgres/sql-error.ts";
import { SQLSTATE } from "../postgres/sqlstate.ts";

/** What is read from a database; nothing when the database is gone, or its books are. */
export async function unlessGone<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    const withoutBooks = error instanceof TenantryError && error.code === "TNT-415";
    if (withoutBooks || sqlstateOf(error) === SQLSTATE.invalidCatalogName) return undefined;
    throw error;
  }
}
