import type { Moment } from "./halting-proxy.ts";

/** Statements after which something lasts that did not before, or is held that was not. */
const TELLING =
  /^(begin|commit|rollback|copy|select pg_(try_)?advisory_(un)?lock|select pg_terminate)/i;

/**
 * The moments at which a run is worth interrupting, given what it said to PostgreSQL: both sides of each statement that
 * begins or ends something, and the middle of each transaction; then both sides of all others.
 */
export function momentsOf(statements: readonly string[]): {
  readonly telling: readonly Moment[];
  readonly others: readonly Moment[];
} {
  const begun = statements.map((text) => /^begin/i.test(text));
  const middles = new Set<number>();
  for (const [start, isStart] of begun.entries()) {
    if (!isStart) continue;
    const end = statements.findIndex((text, at) => at > start && /^(commit|rollback)/i.test(text));
    middles.add(Math.floor((start + (end < 0 ? statements.length : end)) / 2));
  }
  const moments = statements.map((statement, index) => {
    const earlier = statements.slice(0, index).filter((text) => text === statement).length;
    const isEnd = index === 0 || index === statements.length - 1;
    const isTelling = isEnd || middles.has(index) || TELLING.test(statement);
    const sides = (["before", "after"] as const).map((side) => ({ statement, earlier, side }));
    return { isTelling, sides };
  });
  const pick = (wanted: boolean): Moment[] =>
    moments.filter(({ isTelling }) => isTelling === wanted).flatMap(({ sides }) => sides);
  return { telling: pick(true), others: pick(false) };
}
