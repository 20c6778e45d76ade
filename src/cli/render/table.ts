import stringWidth from "string-width";
import { columns } from "./columns.ts";
import type { Column } from "./columns.ts";
import { cut } from "./cut.ts";
import { line } from "./line.ts";
import type { Line } from "./line.ts";
import { printable } from "./printable.ts";

/** A column of a table that fits a terminal. */
export interface TableColumn extends Column {
  /** What is narrow loses the columns with the highest number first. Default: it stays. */
  readonly spare?: number;
}

/** What the last column is left when others have to go for it. */
const LAST = 16;

/**
 * A table in which each row is one line, whatever the width: spare columns go, then lines are cut at their end. So the
 * last column is the one that may be long.
 *
 * @param width Infinity: nothing goes and nothing is cut, as for another program
 */
export function table(
  titles: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  width: number,
): Line[] {
  const cells = rows.map((row) => row.map(printable));
  const widths = titles.map(({ title }, index) =>
    cells.reduce((most, row) => Math.max(most, stringWidth(row[index] ?? "")), title.length),
  );
  const kept = new Set(titles.keys());
  const last = titles.length - 1;
  const needed = (): number =>
    [...kept].reduce(
      (sum, index) =>
        sum + (index === last ? Math.min(widths[index] ?? 0, LAST) : (widths[index] ?? 0) + 2),
      0,
    );
  const spare = titles
    .flatMap((column, index) =>
      column.spare === undefined ? [] : [{ index, spare: column.spare }],
    )
    .sort((a, b) => b.spare - a.spare);
  for (const { index } of spare) if (needed() > width) kept.delete(index);
  const choose = <T>(values: readonly T[]): T[] => values.filter((_, index) => kept.has(index));
  const [title = "", ...lines] = columns(choose(titles), cells.map(choose));
  return [line(cut(title, width), "strong"), ...lines.map((text) => line(cut(text, width)))];
}
