import { TenantryError } from "../core/errors.ts";
import type { ErrorCode } from "../core/errors.ts";
import { sqlstateOf } from "../postgres/sql-error.ts";
import { SQLSTATE } from "../postgres/sqlstate.ts";

/** Without these there is nothing of ours: no books, no owner. */
const NOTHING_THERE: readonly unknown[] = ["TNT-415", "TNT-442"] satisfies ErrorCode[];

/** What is read from a database; nothing when the database is gone, or its books or its owner are. */
export async function unlessGone<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    const isNothing = error instanceof TenantryError && NOTHING_THERE.includes(error.code);
    if (isNothing || sqlstateOf(error) === SQLSTATE.invalidCatalogName) return undefined;
    throw error;
  }
}
