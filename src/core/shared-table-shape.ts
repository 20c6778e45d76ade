/** What a table of schema shared is like; see sql/partitions/shapes.sql. */
export interface SharedTableShape {
  readonly name: string;
  /** Null, as the next, when it is not partitioned at all. */
  readonly byList: boolean | null;
  /** Null in the list stands for an expression. */
  readonly partitionedBy: readonly (string | null)[] | null;
  readonly hasDefault: boolean;
  /** Null when it has none. */
  readonly primaryKey: readonly string[] | null;
  readonly columns: Readonly<
    Record<
      string,
      { readonly type: string; readonly notNull: boolean; readonly hasDefault: boolean } | undefined
    >
  > | null;
}

/** What keeps a shared table from having partitions of tenants: everything at once, each with the table's name. */
export function shapeProblems(shape: SharedTableShape, partitionKey: string): string[] {
  const { name, byList, partitionedBy, hasDefault, primaryKey, columns } = shape;
  const id = columns?.id;
  const key = columns?.[partitionKey];
  const isPartitioned = byList === true && same(partitionedBy, [partitionKey]);
  return [
    isPartitioned ? undefined : `it must be partition by list (${partitionKey})`,
    same(primaryKey, ["id", partitionKey])
      ? undefined
      : `its primary key must be (id, ${partitionKey})${primaryKey === null ? ", and there is none" : `, and is (${primaryKey.join(", ")})`}`,
    id?.type === "uuid" && id.hasDefault
      ? undefined
      : "it needs a column id uuid default gen_random_uuid()",
    key?.type === "text" && key.notNull
      ? undefined
      : `it needs a column ${partitionKey} text not null`,
    hasDefault || !isPartitioned
      ? undefined
      : `it needs a partition for what has none: create table shared.${name}_default partition of shared.${name} default`,
  ].flatMap((problem) => (problem === undefined ? [] : [`shared.${name}: ${problem}`]));
}

const same = (found: readonly (string | null)[] | null, wanted: readonly string[]): boolean =>
  found !== null &&
  found.length === wanted.length &&
  wanted.every((name, at) => found[at] === name);
