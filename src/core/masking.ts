import { tableTitle } from "./archive-manifest.ts";
import type { ArchivedTable, ArchivePlace } from "./archive-manifest.ts";
import { quoteIdentifier, quoteLiteral } from "./identifier.ts";

/**
 * What becomes of a column: it stays as it is, it is emptied, a text takes its place (`{hash}` in it stands for a
 * pseudonym of the value), or what a SQL expression over the row gives.
 */
export type MaskRule = "keep" | "null" | { readonly text: string } | { readonly sql: string };

/** The rules of a table, by column. */
type TableRules = Readonly<Record<string, MaskRule>>;

/** config/masking.yaml: by place, table and column. */
export type MaskingRules = Readonly<Record<ArchivePlace, Readonly<Record<string, TableRules>>>>;

/** A column whose values a clone takes, as sql/clone/columns.sql describes it. */
export interface MaskableColumn {
  readonly name: string;
  readonly isText: boolean;
  readonly notNull: boolean;
  /** Whether no two rows may have the same value, whatever else is in them. */
  readonly isUnique: boolean;
}

/** A table whose rows a clone takes. */
export interface MaskableTable extends Pick<ArchivedTable, "place"> {
  /** The table that people know: a partition goes by its parent's rules. */
  readonly name: string;
  readonly columns: readonly MaskableColumn[];
}

const HASH = "{hash}";

const own = <T>(map: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(map, key) ? map[key] : undefined;

/** The rule of a column; undefined when there is none. */
export function ruleOf(
  rules: MaskingRules,
  { place, name }: Pick<MaskableTable, "place" | "name">,
  column: string,
): MaskRule | undefined {
  return own(own(rules[place], name) ?? {}, column);
}

/** Why masked data of these tables cannot be taken: columns without a rule, and rules that do not fit theirs. */
export function maskingProblems(rules: MaskingRules, tables: readonly MaskableTable[]): string[] {
  const problems = tables.flatMap((table) =>
    table.columns.flatMap((column) => {
      const problem = columnProblem(ruleOf(rules, table, column.name), column);
      return problem === undefined ? [] : [`${tableTitle(table)}.${column.name} ${problem}`];
    }),
  );
  // The partitions of a table say the same.
  return [...new Set(problems)];
}

function columnProblem(
  rule: MaskRule | undefined,
  { isText, notNull, isUnique }: MaskableColumn,
): string | undefined {
  if (rule === undefined) return "has no rule";
  if (rule === "null") return notNull ? "may not be null, as its rule wants it" : undefined;
  if (rule === "keep" || "sql" in rule) return undefined;
  const hashes = rule.text.includes(HASH);
  if (hashes && !isText) return `is no text, so that no ${HASH} fits it`;
  return !hashes && isUnique ? "is unique, and its rule gives each row the same text" : undefined;
}

/**
 * The SQL expression that gives a column's value in the clone. What was null stays null under a text.
 *
 * @throws {Error} for a column without a rule: nothing is kept by default
 */
export function maskExpression(rule: MaskRule | undefined, column: string): string {
  if (rule === undefined) throw new Error(`no masking rule for the column ${column}`);
  const value = quoteIdentifier(column);
  if (rule === "keep") return value;
  if (rule === "null") return "null";
  // A comment at the end of an expression must not reach further than the expression.
  if ("sql" in rule) return `(${rule.sql}\n)`;
  const text = rule.text
    .split(HASH)
    .map(quoteLiteral)
    .join(` || pg_temp.mask_hash(${value}::text) || `);
  return `case when ${value} is not null then ${text} end`;
}
