import type { Problem } from "./problem.ts";
import type { YamlSource } from "./settings-source.ts";
import { problemAt } from "./sound-part.ts";

/** A list of tenants as it is written, the wrong ones included, and where it stands. */
interface WrittenList {
  readonly list: unknown;
  readonly source: YamlSource;
  readonly base: readonly PropertyKey[];
}

type Entry = Readonly<Record<string, unknown>>;

/**
 * Clones that could never be made: of the tenant itself, of tenants that are clones of each other, or beside `restore`.
 * Whether the source is there, only the database says.
 */
export function cloneProblems(lists: readonly WrittenList[]): Problem[] {
  const entries = lists.flatMap(({ list, source, base }) =>
    (Array.isArray(list) ? list : []).map((written: unknown, index) => ({
      entry: (written ?? {}) as Entry,
      at: (rest: readonly PropertyKey[], problem: Pick<Problem, "rule" | "value">): Problem =>
        problemAt(source, [...base, index, "clone", ...rest], problem),
    })),
  );
  const sources = new Map(entries.map(({ entry }) => [entry.id, sourceOf(entry)]));
  return entries.flatMap(({ entry, at }) => {
    const from = sourceOf(entry);
    if (from === undefined) return [];
    if (entry.restore !== undefined)
      return [at([], { rule: "stands beside restore: a tenant begins with one of them" })];
    const rule = "is this tenant itself, or a copy of it";
    return leadsTo(from, entry.id, sources) ? [at(["from"], { value: from, rule })] : [];
  });
}

const sourceOf = ({ clone }: Entry): unknown =>
  (clone as { from?: unknown } | null | undefined)?.from;

/** Whether a tenant is another one, or a clone of it at whatever remove. */
function leadsTo(from: unknown, id: unknown, sources: ReadonlyMap<unknown, unknown>): boolean {
  const seen = new Set<unknown>();
  for (let at = from; at !== undefined && !seen.has(at); at = sources.get(at)) {
    if (at === id) return true;
    seen.add(at);
  }
  return false;
}
