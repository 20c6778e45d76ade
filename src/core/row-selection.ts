import type { ArchivedTable } from "./archive-manifest.ts";
import { quoteIdentifier, quoteLiteral } from "./identifier.ts";
import { maskExpression } from "./masking.ts";
import type { MaskRule } from "./masking.ts";
import { tenantSchema } from "./names.ts";

/** Which values of a table a clone takes. */
export interface RowSelection {
  readonly table: ArchivedTable;
  /** The query that gives the rows, in the order of the table's columns. */
  readonly query: string;
  /** The table with its schema, and a condition where only some of its rows are the tenant's. */
  readonly from: string;
  /** The columns whose values an expression of people's gives. */
  readonly expressions: readonly {
    readonly column: string;
    readonly expression: string;
    readonly isText: boolean;
  }[];
}

/**
 * Selects a tenant's rows of a table.
 *
 * @param tenant the id
 * @param maskOf the rule of a column, without which nothing is selected. Default: every value as it is
 */
export function selectRows(
  table: ArchivedTable,
  tenant: string,
  maskOf: (column: string) => {
    readonly rule: MaskRule | undefined;
    readonly isText: boolean;
  } = () => ({ rule: "keep", isText: false }),
): RowSelection {
  const { place, name, columns } = table;
  const schema = quoteIdentifier(place === "tenant" ? tenantSchema(tenant) : place);
  const where = place === "tenant" ? "" : ` where tenant_id = ${quoteLiteral(tenant)}`;
  const from = `${schema}.${quoteIdentifier(name)}${where}`;
  const masks = columns.map((column) => ({ column, ...maskOf(column) }));
  const values = masks.map(({ column, rule }) => maskExpression(rule, column));
  return {
    table,
    query: `select ${values.join(", ")} from ${from}`,
    from,
    expressions: masks.flatMap(({ column, rule, isText }) =>
      typeof rule === "object" && "sql" in rule
        ? [{ column, isText, expression: maskExpression(rule, column) }]
        : [],
    ),
  };
}
