import type { Moment } from "./halting-proxy.ts";

/** Statements after which something lasts that did not before, or is held that was not. */
const TELLING =
  /^(begin|commit|rollback|copy|select pg_(try_)?advisory_(un)?lock|select pg_terminate)/i;

/** The moments at which a run may be interrupted. */
export interface Moments {
  /** Both sides of each statement that begins or ends something, and the middle of each transaction. */
  readonly telling: readonly Moment[];
  /** Those, and each other statement once, at its first time: on one side, in turn. */
  readonly all: readonly Moment[];
}

/** The moments at which a run is worth interrupting, given what it said to PostgreSQL. */
export function momentsOf(statements: readonly string[]): Moments {
  const middles = middlesOf(statements);
  const seen = new Map<string, number>();
  const telling: Moment[] = [];
  const others: Moment[] = [];
  for (const [index, statement] of statements.entries()) {
    const earlier = seen.get(statement) ?? 0;
    seen.set(statement, earlier + 1);
    const isEnd = index === 0 || index === statements.length - 1;
    if (isEnd || middles.has(index) || TELLING.test(statement))
      for (const side of ["before", "after"] as const) telling.push({ statement, earlier, side });
    else if (earlier === 0)
      others.push({ statement, earlier, side: others.length % 2 === 0 ? "before" : "after" });
  }
  return { telling, all: [...telling, ...others] };
}

function middlesOf(statements: readonly string[]): Set<number> {
  const middles = new Set<number>();
  for (const [start, text] of statements.entries()) {
    if (!/^begin/i.test(text)) continue;
    const end = statements.findIndex(
      (later, at) => at > start && /^(commit|rollback)/i.test(later),
    );
    middles.add(Math.floor((start + (end < 0 ? statements.length : end)) / 2));
  }
  return middles;
}

/**
 * The moment that is one life's: so many lives meet a transition's moments from the first to the last, each once when
 * there are lives enough. The telling moments come first: with fewer lives than those, they are all that is chosen from.
 *
 * @param life from 0
 * @param share where between two moments to begin, from 0 up to 1, so that several series meet different ones
 * @returns `undefined` when all moments have their life
 */
export function momentOf(
  { telling, all }: Moments,
  life: number,
  { lives, share }: { readonly lives: number; readonly share: number },
): Moment | undefined {
  if (lives <= telling.length)
    return telling[Math.floor(((life + share) * telling.length) / lives)];
  if (life < telling.length) return telling[life];
  const others = all.slice(telling.length);
  const [own, left] = [life - telling.length, lives - telling.length];
  const at = (number: number): number => Math.floor(((number + share) * others.length) / left);
  return own > 0 && at(own) === at(own - 1) ? undefined : others[at(own)];
}
