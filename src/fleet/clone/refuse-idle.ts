import type pg from "pg";
import { tableTitle } from "../../core/archive-manifest.ts";
import { TenantryError } from "../../core/errors.ts";
import { quoteIdentifier } from "../../core/identifier.ts";
import type { RowSelection } from "../../core/row-selection.ts";
import { maskingFailure } from "./masking-failure.ts";

/**
 * Makes sure that expressions for texts mask them: none may give back the text that is there. `keep` says so openly.
 *
 * @throws {TenantryError} TNT-429
 */
export async function refuseIdle(
  client: pg.Client,
  selections: readonly RowSelection[],
): Promise<void> {
  for (const { table, from, expressions } of selections)
    for (const { column, expression, isText } of expressions) {
      if (!isText) continue;
      const value = quoteIdentifier(column);
      const place = `${tableTitle(table)}.${column}`;
      try {
        const { rows } = await client.query<{ same: boolean }>(
          `select exists (select from (select ${value}::text as value, ${expression}::text as masked from ${from}) r
           where r.value = r.masked) as same`,
        );
        if (rows[0]?.same === true)
          throw new TenantryError("TNT-429", { place, reason: "it leaves a value as it is" });
      } catch (cause) {
        throw maskingFailure(place, cause);
      }
    }
}
