import { quoteIdentifier, quoteLiteral } from "./identifier.ts";

/** A table of schema shared that is partitioned by tenant. */
export interface SharedTable {
  readonly name: string;
  /** Its DEFAULT partition, with its schema; null when it has none. */
  readonly defaultSchema: string | null;
  readonly defaultName: string | null;
  /** The columns a row consists of; generated ones left out. */
  readonly columns: readonly string[];
  /** Whether DEFAULT may hold rows: it has pages on disk. */
  readonly mayHaveOrphans: boolean;
}

/** Whose partition it is, and by which column. */
export interface PartitionOwner {
  readonly schema: string;
  readonly key: string;
  readonly partitionKey: string;
}

/**
 * The statements that give a tenant its partition of each shared table, in the tenant's own schema under the table's
 * name, and move the tenant's rows (orphans) out of DEFAULT. For one transaction.
 *
 * PostgreSQL attaches no partition while DEFAULT holds rows for it, so each table is built aside and filled first.
 * The bulk of the rows moves without locking the others out; DEFAULT is locked only for what came meanwhile. The
 * locks come last and in the order of the names, so that two tenants never wait for each other.
 */
export function attachPartitions(tables: readonly SharedTable[], owner: PartitionOwner): string[] {
  const plans = tables
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((table) => planOne(table, owner));
  return [...plans.flatMap(({ build }) => build), ...plans.flatMap(({ attach }) => attach)];
}

function planOne(table: SharedTable, { schema, key, partitionKey }: PartitionOwner) {
  const parent = `shared.${quoteIdentifier(table.name)}`;
  const partition = `${quoteIdentifier(schema)}.${quoteIdentifier(table.name)}`;
  const column = quoteIdentifier(partitionKey);
  const value = quoteLiteral(key);
  const build = [
    `create table ${partition} (like ${parent} including all)`,
    `alter table ${partition} alter column ${column} set default ${value}`,
  ];
  const attach = `alter table ${parent} attach partition ${partition} for values in (${value})`;
  if (table.defaultSchema === null || table.defaultName === null)
    return { build, attach: [attach] };

  const orphans = `${quoteIdentifier(table.defaultSchema)}.${quoteIdentifier(table.defaultName)}`;
  const columns = table.columns.map(quoteIdentifier).join(", ");
  const move =
    `with moved as (delete from ${orphans} where ${column} = ${value} returning ${columns}) ` +
    `insert into ${partition} (${columns}) overriding system value select ${columns} from moved`;
  return {
    build: table.mayHaveOrphans ? [...build, move] : build,
    attach: [`lock table ${orphans} in access exclusive mode`, move, attach],
  };
}
