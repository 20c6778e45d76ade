import { TenantryError } from "../../core/errors.ts";
import { sqlstateOf } from "../../postgres/sql-error.ts";

/** What a source's session failed at. PostgreSQL's own words would quote the row. @param place table, or table and column */
export function maskingFailure(place: string, cause: unknown): unknown {
  const state = sqlstateOf(cause);
  if (state === undefined) return cause;
  return new TenantryError(
    "TNT-429",
    { place, reason: `PostgreSQL fails at it (SQLSTATE ${state})` },
    { cause },
  );
}
