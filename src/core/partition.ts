import { quoteIdentifier, quoteLiteral } from "./identifier.ts";
import { lockForPartitions } from "./partition-locks.ts";
import { defaultOf, parentOf } from "./shared-table.ts";
import type { SharedTable } from "./shared-table.ts";

/** A shared table, and whether somebody has a partition of it; see sql/partitions/of-key.sql. */
export interface KeyTable extends SharedTable {
  readonly attached: boolean;
}

/** Whose partition it is, and by which column. */
export interface PartitionOwner {
  readonly schema: string;
  readonly key: string;
  readonly partitionKey: string;
}

/**
 * Where partitions lie. `tenants`: in each tenant's schema, under the table's name. `values`: in schema partitions,
 * for an application that has partitions and no tenant schemas; any value may then have some.
 */
export type PartitionPlacement = "tenants" | "values";

/** One statement of a plan: what it does, and for which shared table; a lock is for all of them. */
export interface PartitionStep {
  readonly table: string;
  readonly does: "build" | "move" | "lock" | "attach";
  readonly text: string;
}

/**
 * The schema of partitions that belong to no tenant's schema: of applications that have partitions only. Tenants'
 * schemas have a prefix, so that none is called so.
 */
export const PARTITIONS_SCHEMA = "partitions";

/** Stands between the table and the key in the name of a partition in schema partitions. */
const NAME_SEPARATOR = "/";

/**
 * The name of a key's partition: in a tenant's schema the table's own, in schema partitions `<table>/<key>`, which is
 * never cut and never hashed.
 */
export const partitionName = (
  table: string,
  { schema, key }: Pick<PartitionOwner, "schema" | "key">,
): string => (schema === PARTITIONS_SCHEMA ? `${table}${NAME_SEPARATOR}${key}` : table);

/**
 * The steps that give a key its partition of each shared table, and move its rows (orphans) out of DEFAULT. For one
 * transaction.
 *
 * PostgreSQL attaches no partition while DEFAULT holds rows for it, so each table is built aside and filled first. No
 * row moves before the locks are there: who waits for a row that we moved, and holds DEFAULT, would wait for us while we
 * wait for him.
 */
export function attachPartitions(
  tables: readonly SharedTable[],
  owner: PartitionOwner,
): PartitionStep[] {
  const all = { name: tables.map(({ name }) => name).join(", ") };
  return [
    ...tables
      .filter(({ detached }) => !detached)
      .flatMap((table) => steps(table, "build", buildPartition(table, owner))),
    ...steps(all, "lock", lockForPartitions(tables, "attach")),
    ...tables.flatMap((table) => fillAndAttach(table, owner)),
  ];
}

/**
 * The statements that make a key's tables beside the shared ones, and attach none. The check lets PostgreSQL attach
 * the table later without reading it, and keeps other keys out of it until then.
 */
export function buildPartition(table: SharedTable, owner: PartitionOwner): string[] {
  const partition = partitionOf(table, owner);
  const column = quoteIdentifier(owner.partitionKey);
  const key = quoteLiteral(owner.key);
  return [
    `create table ${partition} (like ${parentOf(table)} including all)`,
    `alter table ${partition} alter column ${column} set default ${key}, ` +
      `add constraint ${quoteIdentifier(KEY_CHECK)} check (${column} = ${key})`,
  ];
}

const KEY_CHECK = "partition_key_check";

/** The statements that take a key's partitions out of the shared tables; its rows stay in its own. */
export function detachPartitions(tables: readonly SharedTable[], owner: PartitionOwner): string[] {
  return [
    ...lockForPartitions(tables, "drop"),
    ...tables.map(
      (table) => `alter table ${parentOf(table)} detach partition ${partitionOf(table, owner)}`,
    ),
  ];
}

/** The statements that drop a key's tables with their rows, attached or not. */
export function dropPartitions(tables: readonly SharedTable[], owner: PartitionOwner): string[] {
  return tables.map((table) => `drop table ${partitionOf(table, owner)}`);
}

/** A part of a DEFAULT partition, in pages of 8 kB: from the first to before the last. */
export interface PageRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The statement that moves at most so many orphans of some pages into the table aside. It waits for nobody: a row that
 * somebody else has locked stays for the next time. `undefined` when the table has no DEFAULT partition.
 */
export function moveSome(
  table: SharedTable,
  owner: PartitionOwner,
  { from, to }: PageRange,
  limit: number,
): string | undefined {
  const orphans = defaultOf(table);
  if (orphans === undefined) return undefined;
  const chosen =
    `select ctid from only ${orphans} where ctid >= '(${from},0)' and ctid < '(${to},0)' ` +
    `and ${isOf(owner)} limit ${limit} for update skip locked`;
  return moveRows(table, owner, orphans, `ctid = any (array(${chosen}))`);
}

/** The query for how many orphans a key has, counted no further than to a limit; `undefined` without DEFAULT. */
export function countOrphans(
  table: SharedTable,
  owner: PartitionOwner,
  limit: number,
): string | undefined {
  const orphans = defaultOf(table);
  return orphans === undefined
    ? undefined
    : `select count(*)::integer as rows, pg_relation_size('${orphans.replaceAll("'", "''")}')::float8 as bytes ` +
        `from (select from only ${orphans} where ${isOf(owner)} limit ${limit}) o`;
}

/** The query for how many rows a key's own table has. */
export const countRows = (table: SharedTable, owner: PartitionOwner): string =>
  `select count(*)::float8 as rows from only ${partitionOf(table, owner)}`;

/** What makes the space of moved rows usable again, for the scans to come; never waits for a lock. */
export function vacuumDefault(table: SharedTable): string | undefined {
  const orphans = defaultOf(table);
  return orphans === undefined ? undefined : `vacuum (skip_locked) ${orphans}`;
}

const steps = (
  { name }: Pick<SharedTable, "name">,
  does: PartitionStep["does"],
  texts: readonly string[],
): PartitionStep[] => texts.map((text) => ({ table: name, does, text }));

const partitionOf = ({ name }: SharedTable, owner: PartitionOwner): string =>
  `${quoteIdentifier(owner.schema)}.${quoteIdentifier(partitionName(name, owner))}`;

const isOf = ({ partitionKey, key }: PartitionOwner): string =>
  `${quoteIdentifier(partitionKey)} = ${quoteLiteral(key)}`;

function fillAndAttach(table: SharedTable, owner: PartitionOwner): PartitionStep[] {
  const orphans = defaultOf(table);
  return [
    ...steps(
      table,
      "move",
      orphans === undefined ? [] : [moveRows(table, owner, orphans, isOf(owner))],
    ),
    ...steps(table, "attach", [
      `alter table ${parentOf(table)} attach partition ${partitionOf(table, owner)} for values in (${quoteLiteral(owner.key)})`,
    ]),
  ];
}

/** One statement, so that a row is never in both places, nor in none. */
function moveRows(
  table: SharedTable,
  owner: PartitionOwner,
  orphans: string,
  condition: string,
): string {
  const columns = table.columns.map(quoteIdentifier).join(", ");
  return (
    `with moved as (delete from only ${orphans} where ${condition} returning ${columns}) ` +
    `insert into ${partitionOf(table, owner)} (${columns}) overriding system value select ${columns} from moved`
  );
}
