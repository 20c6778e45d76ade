import { columns } from "../src/cli/render/columns.ts";
import type { Figure } from "./figure.ts";

const COLUMNS = [
  { title: "WHAT" },
  { title: "SECONDS", align: "right" },
  { title: "GOAL", align: "right" },
  { title: "RATIO", align: "right" },
  { title: "AGAINST" },
] as const;

/** The figures as a table. */
export function reportLines(figures: readonly Figure[]): string[] {
  const rows = figures.map(({ name, seconds, goal, ratio, limit, against }) => [
    name,
    seconds.toFixed(seconds < 0.1 ? 4 : 2),
    goal === undefined ? "" : `< ${goal}`,
    ratio === undefined ? "" : ratio.toFixed(2),
    [against ?? "", limit === undefined ? "" : `(at most ${Number(limit.toFixed(2))})`]
      .join(" ")
      .trim(),
  ]);
  return columns(COLUMNS, rows);
}
