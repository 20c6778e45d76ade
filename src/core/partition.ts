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
  /** Whether the tenant has the table already, beside the shared one: it was retired. */
  readonly detached: boolean;
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
 * The bulk of the rows moves without locking the others out; The locks
 * come last; then what came meanwhile moves too.
 */
export function attachPartitions(tables: readonly SharedTable[], owner: PartitionOwner): string[] {
  const plans = tables.map((table) => planOne(table, owner));
  return [
    ...plans.flatMap(({ build }) => build),
    ...lockForPartitions(tables, "attach"),
    ...plans.flatMap(({ attach }) => attach),
  ];
}

/** The statements that make a tenant's tables beside its shared ones, and attach none. */
export const buildPartitions = (tables: readonly SharedTable[], owner: PartitionOwner): string[] =>
  tables.flatMap((table) => buildOne(table, owner));

function buildOne(table: SharedTable, { schema, key, partitionKey }: PartitionOwner): string[] {
  const partition = `${quoteIdentifier(schema)}.${quoteIdentifier(table.name)}`;
  return [
    `create table ${partition} (like ${parentOf(table)} including all)`,
    `alter table ${partition} alter column ${quoteIdentifier(partitionKey)} set default ${quoteLiteral(key)}`,
  ];
}

/** The statements that take a tenant's partitions out of the shared tables; its rows stay in its own. */
export function detachPartitions(
  tables: readonly SharedTable[],
  { schema }: PartitionOwner,
): string[] {
  return [
    ...lockForPartitions(tables, "drop"),
    ...tables.map(
      (table) =>
        `alter table ${parentOf(table)} detach partition ${quoteIdentifier(schema)}.${quoteIdentifier(table.name)}`,
    ),
  ];
}

/** What a parent is locked against, when a partition of it is attached and when one is dropped. */
const PARENT_LOCK = { attach: "share update exclusive", drop: "access exclusive" } as const;

/**
 * Takes the locks that attaching or dropping partitions needs, before PostgreSQL would: each parent and then its
 * DEFAULT partition, as writers do, in the order of the names. Sessions then wait for each other in a row, and never
 * in a circle.
 */
export function lockForPartitions(
  tables: readonly SharedTable[],
  change: keyof typeof PARENT_LOCK,
): string[] {
  return tables
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((table) => {
      const orphans = defaultOf(table);
      return [
        `lock table only ${parentOf(table)} in ${PARENT_LOCK[change]} mode`,
        ...(orphans === undefined ? [] : [`lock table ${orphans} in access exclusive mode`]),
      ];
    });
}

const parentOf = ({ name }: SharedTable): string => `shared.${quoteIdentifier(name)}`;

const defaultOf = ({ defaultSchema, defaultName }: SharedTable): string | undefined =>
  defaultSchema === null || defaultName === null
    ? undefined
    : `${quoteIdentifier(defaultSchema)}.${quoteIdentifier(defaultName)}`;

function planOne(table: SharedTable, owner: PartitionOwner) {
  const { schema, key, partitionKey } = owner;
  const parent = parentOf(table);
  const partition = `${quoteIdentifier(schema)}.${quoteIdentifier(table.name)}`;
  const column = quoteIdentifier(partitionKey);
  const value = quoteLiteral(key);
  const build = table.detached ? [] : buildOne(table, owner);
  const attach = `alter table ${parent} attach partition ${partition} for values in (${value})`;
  const orphans = defaultOf(table);
  if (orphans === undefined) return { build, attach: [attach] };

  const columns = table.columns.map(quoteIdentifier).join(", ");
  const move =
    `with moved as (delete from ${orphans} where ${column} = ${value} returning ${columns}) ` +
    `insert into ${partition} (${columns}) overriding system value select ${columns} from moved`;
  return { build: table.mayHaveOrphans ? [...build, move] : build, attach: [move, attach] };
}
