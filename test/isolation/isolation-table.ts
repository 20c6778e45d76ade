import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../support/project.ts";
import { MODES } from "./scene.ts";
import type { Mode, Outcome } from "./scene.ts";

/** A line of docs/isolation.md: an attack, and what comes of it in each mode. */
export interface IsolationRow {
  readonly attack: string;
  readonly outcomes: Readonly<Record<Mode, Outcome>>;
}

const OUTCOMES: readonly string[] = [
  "**succeeds**",
  "refused",
  "own",
  "no such thing",
] satisfies Outcome[];

/** The attacks of docs/isolation.md. A cell with anything but an outcome is a mistake in the page. */
export function isolationTable(): IsolationRow[] {
  const page = readFileSync(join(checkout, "docs", "isolation.md"), "utf8");
  let header: string[] = [];
  return page.split("\n").flatMap((line) => {
    const [first = "", ...cells] = line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (!line.startsWith("|") || first.startsWith("---")) return [];
    if (["attack", "mode", "outcome"].includes(first)) {
      header = first === "attack" ? cells : [];
      return [];
    }
    if (header.length === 0) return [];
    const wrong = cells.find((cell) => !OUTCOMES.includes(cell));
    if (wrong !== undefined || cells.length !== MODES.length)
      throw new Error(`docs/isolation.md: ${first}: a cell holds one of ${OUTCOMES.join(", ")}`);
    const outcomes = Object.fromEntries(header.map((mode, index) => [mode, cells[index]]));
    return [{ attack: first, outcomes: outcomes as Record<Mode, Outcome> }];
  });
}
