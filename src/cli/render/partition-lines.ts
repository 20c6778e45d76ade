import type { TableOrphans } from "../../fleet/partitions/audit-orphans.ts";
import type { CleanedOrphans } from "../../fleet/partitions/clean-up.ts";
import type { CreatedPartitions } from "../../fleet/partitions/create-partitions.ts";
import type { PartitionRow } from "../../fleet/partitions/list-partitions.ts";
import { columns } from "./columns.ts";
import { count, counted, size } from "../../core/format.ts";
import { line } from "./line.ts";
import type { Line } from "./line.ts";

const AUDIT = [
  { title: "TABLE" },
  { title: "KEY" },
  { title: "ROWS", align: "right" },
  { title: "WHOSE" },
] as const;

const LIST = [
  { title: "ID" },
  { title: "KEY" },
  { title: "TABLES", align: "right" },
  { title: "SIZE", align: "right" },
  { title: "SCHEMA" },
  { title: "NOT ATTACHED" },
] as const;

const table = (
  titles: Parameters<typeof columns>[0],
  rows: readonly (readonly string[])[],
): Line[] => {
  const [title = "", ...lines] = columns(titles, rows);
  return [line(title, "strong"), ...lines.map((text) => line(text))];
};

/** The orphans, a line for each table and key. */
export function auditLines(
  tables: readonly TableOrphans[],
  owners: readonly PartitionRow[],
): Line[] {
  const rows = tables.flatMap(({ table: name, keys }) =>
    keys.length === 0
      ? [[name, "", "0", ""]]
      : keys.map(({ key, rows }) => [name, key, count(rows), ownerOf(key, owners)]),
  );
  return table(AUDIT, rows);
}

function ownerOf(key: string, owners: readonly PartitionRow[]): string {
  const owner = owners.find((row) => row.key === key);
  if (owner === undefined) return "nobody's";
  if (owner.tenant === null) return "partitions of this value";
  return `tenant ${owner.tenant}${owner.state === "active" ? "" : `, ${owner.state ?? ""}`}`;
}

/** Who has partitions. */
export const listLines = (rows: readonly PartitionRow[]): Line[] =>
  table(
    LIST,
    rows.map(({ id, key, attached, detached, missing, bytes, schema }) => [
      id,
      key,
      `${attached.length}/${attached.length + detached.length + missing.length}`,
      size(bytes),
      schema,
      [...detached, ...missing].join(", "),
    ]),
  );

/** What somebody got. */
export function createdLines({ id, created, moved }: CreatedPartitions): Line[] {
  const attached = created.length === 0 ? [] : [`attached ${created.join(", ")}`];
  const rows = moved.map((move) => `${counted(move.rows, "row")} moved to ${move.table}`);
  const done = [...attached, ...rows];
  return done.length === 0
    ? [line(`  ${id}  has all its partitions`)]
    : [line(`  + ${id}  ${done.join("; ")}`, "add")];
}

/** What a cleanup came to. */
export function cleanedLines(
  { cleaned, left }: CleanedOrphans,
  owners: readonly PartitionRow[],
): Line[] {
  return [
    ...cleaned.flatMap(createdLines),
    ...left.flatMap(({ table: name, keys }) =>
      keys.map(({ key, rows }) =>
        line(
          `  left in ${name}: ${counted(rows, "row")} of ${key}, ${ownerOf(key, owners)}`,
          "warning",
        ),
      ),
    ),
    ...(cleaned.length + left.length === 0 ? [line("  no orphans", "strong")] : []),
  ];
}
