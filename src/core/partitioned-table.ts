import { TenantryError } from "./errors.ts";
import { columnNameProblem, objectNameProblem } from "./name-rules.ts";
import type { PartitionPlacement } from "./partition.ts";

/** A column as it is written on the command line: `topic:text`, `amount:numeric(12,2)`, `closed_at:timestamptz:null`. */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

/** The types that a column may have; others are written into the migration by hand. */
const TYPES: readonly string[] = [
  ...["text", "boolean", "smallint", "integer", "bigint", "numeric", "real", "double precision"],
  ...["date", "time", "timestamp", "timestamptz", "interval", "uuid", "jsonb", "bytea", "inet"],
];
const WITH_SIZE = /^(?:varchar\(\d{1,8}\)|char\(\d{1,8}\)|numeric\(\d{1,4}(?:, ?\d{1,4})?\))$/;

/** Columns that every partitioned table has beside the key. */
const GIVEN = ["id", "created_at", "updated_at"];

/** What is asked for. */
export interface PartitionedTable {
  readonly name: string;
  readonly columns: readonly TableColumn[];
}

/**
 * Reads a table and its columns as written.
 *
 * @throws {TenantryError} TNT-850 with everything that is wrong with them
 */
export function readPartitionedTable(
  name: string,
  written: readonly string[],
  partitionKey: string,
): PartitionedTable {
  const columns = written.map(readColumn);
  const names = [...GIVEN, partitionKey, ...columns.map((column) => column.name)];
  const tableProblem = objectNameProblem(name);
  const problems = [
    ...(tableProblem === undefined ? [] : [`the table ${JSON.stringify(name)} ${tableProblem}`]),
    ...columns.flatMap((column, index) => {
      const problem = columnProblem(column, names.slice(0, GIVEN.length + 1 + index));
      return problem === undefined
        ? []
        : [`the column ${JSON.stringify(written[index])} ${problem}`];
    }),
  ];
  if (problems.length > 0) throw new TenantryError("TNT-850", { problems });
  return { name, columns };
}

function readColumn(written: string): TableColumn & { readonly rest: string } {
  const [name = "", type = "", third, ...rest] = written.split(":");
  const isNullable = third?.toLowerCase() === "null";
  return {
    name,
    type: type.toLowerCase(),
    nullable: isNullable,
    rest: [...(third === undefined || isNullable ? [] : [third]), ...rest].join(":"),
  };
}

function columnProblem(
  { name, type, rest }: ReturnType<typeof readColumn>,
  before: readonly string[],
): string | undefined {
  const problem = before.includes(name) ? undefined : columnNameProblem(name);
  if (before.includes(name)) return `is there already: the table has ${before.join(", ")}`;
  if (problem !== undefined) return problem;
  if (type === "") return "has no type: write name:type, such as topic:text";
  if (!TYPES.includes(type) && !WITH_SIZE.test(type))
    return `has an unknown type: there are ${TYPES.join(", ")}, varchar(n), char(n) and numeric(p,s)`;
  return rest === ""
    ? undefined
    : `ends with ${JSON.stringify(rest)}: only null may follow the type`;
}

/**
 * The migration that makes a partitioned table with its DEFAULT partition. Rights and row level security are none of
 * it: `up` gives them as the stack's placement needs them.
 */
export function partitionedTableSql(
  { name, columns }: PartitionedTable,
  placement: PartitionPlacement,
): string {
  const key = ':"partition_key"';
  const lines = [
    "id uuid not null default gen_random_uuid()",
    `${key} text not null`,
    ...columns.map(
      (column) => `${column.name} ${column.type}${column.nullable ? "" : " not null"}`,
    ),
    "created_at timestamptz not null default now()",
    "updated_at timestamptz not null default now()",
    `primary key (id, ${key})`,
  ];
  const kept = placement === "tenants" ? "tenant" : "value of the key";
  return `-- Partitioned by ${kept}. Rows that come before their partition wait in DEFAULT. No foreign keys to other
-- partitioned tables: moving a row out of DEFAULT would break them. Add indexes here, on the table itself.${placement === "values" ? ACCESS : ""}

create table shared.${name} (
${lines.map((line) => `  ${line}`).join(",\n")}
) partition by list (${key});
comment on table shared.${name} is 'Partitioned by ${kept}';

create table shared.${name}_default partition of shared.${name} default;
comment on table shared.${name}_default is 'Rows that have no partition yet';
`;
}

const ACCESS = `
-- Rights and row level security come by themselves, from sql/shared/row-level-security/.`;
