import { count, counted } from "../../core/format.ts";
import { withPlainNames } from "../render/failures.ts";
import { DANGERS, KINDS } from "./kind.ts";
import type { Kind } from "./kind.ts";
import { markdownBlock, markdownCode } from "./markdown-text.ts";
import type { Review, ReviewedChange } from "./review.ts";
import { section } from "./section.ts";

/** How many of one type are named in a table, from generous to none: the first that fits is taken. */
const NAMED = [1000, 200, 50, 20, 10, 5, 2, 0];

const WARNINGS: Partial<Record<Kind, string>> = {
  replaced: "is made anew: what it holds is lost",
  removed: "goes with all it holds",
  unprotected: "may be removed afterwards",
  retired: "is shut to its users",
  suspended: "is shut to its users",
  restarted: "ends all connections",
};

const title = (kind: Kind): string => kind.charAt(0).toUpperCase() + kind.slice(1);

function rowsOf(changes: readonly ReviewedChange[], limit: number): string[] {
  const row = ({ noun, name, detail }: ReviewedChange): string =>
    `| ${noun} | ${markdownCode(name)} | ${markdownCode(detail)} |`;
  return [...Map.groupBy(changes, ({ type }) => type).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.length <= limit) return group.map(row);
    const named = group.filter(({ notable }) => notable).slice(0, limit);
    const rest = group.length - named.length;
    const noun = rest === 1 ? first.noun : first.plural;
    return [...named.map(row), `| ${noun} | ${named.length > 0 ? "and " : ""}${count(rest)} | |`];
  });
}

function tableOf(kind: Kind, changes: readonly ReviewedChange[], limit: number): string {
  const warning = WARNINGS[kind];
  const head = `#### ${DANGERS.includes(kind) ? "⚠️ " : ""}${title(kind)} (${count(changes.length)})`;
  return [
    warning === undefined ? head : `${head}: ${warning}`,
    "",
    "| what | which | how |",
    "| --- | --- | --- |",
    ...rowsOf(changes, limit),
  ].join("\n");
}

/** `2 removed, 1 added, 26 unchanged`. */
export function reviewSummary({ changes, unchanged }: Review): string {
  const counts = KINDS.map(
    (kind) => [kind, changes.filter((change) => change.kind === kind)] as const,
  )
    .filter(([, group]) => group.length > 0)
    .map(([kind, group]) => `${count(group.length)} ${kind}`);
  return [...(counts.length === 0 ? ["no changes"] : counts), `${count(unchanged)} unchanged`].join(
    ", ",
  );
}

/**
 * A review as a part of a pull request's comment: a table for each kind, dangers first, and the plan's digest.
 *
 * @param maxLength in characters; where it is short of them, more is counted and less named
 */
export function reviewMarkdown(stack: string, review: Review, maxLength: number): string {
  const head = `### Stack ${markdownCode(stack)}: ${reviewSummary(review)}`;
  const foot = `Plan \`${review.digest}\``;
  const dangers = review.changes.filter(({ kind }) => DANGERS.includes(kind)).length;
  const calm = dangers === 0 && review.changes.length > 0 ? ["Nothing is dropped or stopped."] : [];
  const waiting =
    review.awaitingRestart.length > 0
      ? [`Waits for a restart: ${markdownCode(review.awaitingRestart.join(", "))}`]
      : [];
  const kinds = Map.groupBy(review.changes, ({ kind }) => kind);
  const whole = (limit: number): string =>
    section(
      stack,
      review.digest,
      [
        head,
        ...calm,
        ...[...kinds].map(([kind, of]) => tableOf(kind, of, limit)),
        ...waiting,
        foot,
      ].join("\n\n"),
    );
  const fits = (limit: number): boolean => whole(limit).length <= maxLength;
  const limit = NAMED.find(fits);
  return limit === undefined
    ? section(stack, review.digest, [head, foot].join("\n\n"))
    : whole(limit);
}

/** Why there is no plan, as a part of a pull request's comment. */
export function failureMarkdown(
  stack: string,
  messages: readonly string[],
  maxLength: number,
): string {
  const head = `### ❌ Stack ${markdownCode(stack)}: ${counted(messages.length, "problem")}, no plan`;
  const text = messages.map(withPlainNames).join("\n\n");
  const block = (limit: number): string =>
    section(stack, undefined, [head, markdownBlock(text, limit)].join("\n\n"));
  // Escaped, a character is up to six.
  const room = Math.max(200, Math.floor((maxLength - 300) / 6));
  const all = block(text.length);
  return all.length <= maxLength ? all : block(room);
}
