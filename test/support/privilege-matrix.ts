import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "./project.ts";

/** A row of docs/privileges.md: a statement, and the columns that are marked. */
export interface PrivilegeRow {
  readonly sql: string;
  readonly columns: readonly string[];
}

/** The tables of docs/privileges.md that begin with a statement. A mark that is not `yes` is a mistake in the page. */
export function privilegeMatrix(): PrivilegeRow[] {
  const page = readFileSync(join(checkout, "docs", "privileges.md"), "utf8");
  const rows: PrivilegeRow[] = [];
  let header: string[] = [];
  for (const line of page.split("\n")) {
    const [first = "", ...cells] = line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (first === "statement") header = cells;
    const [, sql] = /^`(.+)`$/.exec(first) ?? [];
    if (sql === undefined) continue;
    const wrong = cells.find((cell) => cell !== "" && cell !== "yes");
    if (wrong !== undefined || cells.length !== header.length)
      throw new Error(`docs/privileges.md: ${sql}: mark a cell with yes, or leave it empty`);
    rows.push({ sql, columns: header.filter((_, index) => cells[index] === "yes") });
  }
  return rows;
}
