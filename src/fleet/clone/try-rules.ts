import type { ClientBase } from "pg";
import { tableTitle } from "../../core/archive-manifest.ts";
import { messageOf, TenantryError } from "../../core/errors.ts";
import type { RowSelection } from "../../core/row-selection.ts";
import { sqlstateOf } from "../../postgres/sql-error.ts";

/**
 * Lets PostgreSQL look at each expression of the rules, over no row: what it says is about the rule, not the rows.
 *
 * @throws {TenantryError} TNT-428 for the first one that it does not understand
 */
export async function tryRules(
  client: ClientBase,
  from: string,
  selections: readonly RowSelection[],
): Promise<void> {
  for (const { table, from: place, expressions } of selections)
    for (const { column, expression } of expressions)
      try {
        await client.query(`select ${expression} from ${place} limit 0`);
      } catch (cause) {
        if (sqlstateOf(cause) === undefined) throw cause;
        const problem = `${tableTitle(table)}.${column} has a rule that PostgreSQL refuses (${messageOf(cause)})`;
        throw new TenantryError("TNT-428", { from, problems: [problem] }, { cause });
      }
}
