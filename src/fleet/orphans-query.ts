import type { SharedTablePartitions } from "../core/shared-table-partitions.ts";
import { quoteIdentifier } from "../core/identifier.ts";
import type { SqlStatement } from "../core/sql-statement.ts";
import type { DatabaseContext } from "./database-context.ts";

/** The doctor's only question to tables rather than to the catalog: which rows are in no tenant's partition. */
export function orphansQuery(
  { partitionKey }: Pick<DatabaseContext, "partitionKey">,
  tables: readonly SharedTablePartitions[],
): SqlStatement {
  const key = quoteIdentifier(partitionKey);
  const counts = tables.flatMap(({ defaultPartition: partition, mayHaveOrphans }) =>
    partition === null || mayHaveOrphans !== true
      ? []
      : [{ partition, text: `select $% as partition, ${key}::text as key from only ${partition}` }],
  );
  const texts = counts.map(({ text }, index) => text.replace("$%", `$${index + 1}::text`));
  return {
    text: `select partition, coalesce(key, 'null') as key, count(*)::integer as rows from (${
      texts.length === 0
        ? "select null as partition, null as key where false"
        : texts.join(" union all ")
    }) o group by 1, 2 order by 1, 2`,
    values: counts.map(({ partition }) => partition),
    file: "looking for orphans",
  };
}
