import stringWidth from "string-width";
import { count } from "../../core/format.ts";
import { line } from "./line.ts";
import type { Line, Tone } from "./line.ts";
import { countChanges } from "./plan.ts";
import type { Change, Plan, PlanItem } from "./plan.ts";
import { planOrder, resourceWords } from "./resource-words.ts";
import { hang } from "./wrap.ts";

/** The widest that heads make the column of details; a longer head pushes its own detail only. */
const MAX_HEAD = 34;

/** How many of one kind are named one by one; more are counted. What takes data along is worth more room. */
const NAMED = { loss: 40, tenant: 12, other: 3 };

/** How many of one kind are named one by one when a plan or its progress is shown. */
export function namedLimit(type: string, change: Change): number {
  const { noun, removed } = resourceWords(type);
  if (removed !== undefined && (change === "remove" || change === "replace")) return NAMED.loss;
  return noun === "tenant" ? NAMED.tenant : NAMED.other;
}

export const CHANGE_STYLES: Readonly<
  Record<Exclude<Change, "same">, { symbol: string; tone: Tone }>
> = {
  remove: { symbol: "-", tone: "remove" },
  replace: { symbol: "±", tone: "remove" },
  create: { symbol: "+", tone: "add" },
  change: { symbol: "~", tone: "change" },
};

interface Entry {
  readonly change: Exclude<Change, "same">;
  readonly head: string;
  readonly detail: string;
}

const single = (item: PlanItem, change: Entry["change"]): Entry => ({
  change,
  head: `${CHANGE_STYLES[change].symbol} ${item.noun} ${item.name}`.trimEnd(),
  detail: item.detail,
});

/** The members of a group one by one, or counted with the notable ones named. */
function entriesOf(group: readonly PlanItem[], change: Entry["change"], full: boolean): Entry[] {
  const [first] = group;
  if (first === undefined) return [];
  const limit = full ? Infinity : namedLimit(first.type, change);
  if (group.length <= limit) return group.map((item) => single(item, change));
  const notable = group.filter((item) => item.notable);
  // What most of them are is nothing to name.
  const named = 2 * notable.length > group.length ? [] : notable.slice(0, limit);
  const rest = group.filter((item) => !named.includes(item));
  return [
    {
      change,
      head: `${CHANGE_STYLES[change].symbol} ${count(rest.length)} ${first.plural}`,
      detail: sharedDetail(rest, change) + examples(rest),
    },
    ...named.map((item) => single(item, change)),
  ];
}

/** What is the same for all that change: old and new where they are, else only what of them. */
function sharedDetail([first, ...others]: readonly PlanItem[], change: Change): string {
  if (first === undefined || change === "create" || change === "remove") return "";
  const isSame = others.every(({ detail }) => detail === first.detail);
  const shared = isSame ? first.detail : first.aspects;
  return shared === "" ? "" : `${shared}: `;
}

function examples(items: readonly PlanItem[]): string {
  const names = [...new Set(items.map(({ name }) => name))];
  return (names.length > 8 ? [...names.slice(0, 3), "...", names.at(-1)] : names).join(", ");
}

/** By type; many of one type by what of them changes, too, so that the few that change otherwise are seen. */
function groups(items: readonly PlanItem[], change: Change): PlanItem[][] {
  const changing = items.filter((item) => item.change === change);
  const types = [...Map.groupBy(changing, ({ type }) => type)];
  return types
    .sort(([a], [b]) => planOrder(a) - planOrder(b))
    .flatMap(([type, unordered]) => {
      // Engines tell of resources as they come to them, which differs from run to run.
      const group = unordered.toSorted((a, b) => (a.resource < b.resource ? -1 : 1));
      if (group.length <= namedLimit(type, change)) return [group];
      const alike = [...Map.groupBy(group, ({ aspects }) => aspects).values()];
      return alike.sort((a, b) => b.length - a.length);
    });
}

/** `1 to create, 2 to change, 26 unchanged     nothing is dropped`. */
export function planSummary(plan: Plan): Line {
  const counts = countChanges(plan.items);
  const lost = counts.remove + counts.replace;
  const parts = [
    [counts.remove, "to REMOVE"],
    [counts.replace, "to REPLACE"],
    [counts.create, "to create"],
    [counts.change, "to change"],
    [counts.same, "unchanged"],
  ] as const;
  const text = parts
    .filter(([number]) => number > 0)
    .map(([number, verb]) => `${count(number)} ${verb}`)
    .join(", ");
  if (lost > 0) return line(text, "remove");
  return line(`${text === "" ? "nothing declared" : text}     nothing is dropped`, "strong");
}

/**
 * A plan as it is shown before it runs: removals first, many of a kind counted (unless `full`), one line of totals.
 */
export function planLines(plan: Plan, width: number, full = false): Line[] {
  const entries = (["remove", "replace", "create", "change"] as const).flatMap((change) =>
    groups(plan.items, change).flatMap((group) => entriesOf(group, change, full)),
  );
  const column = Math.max(
    0,
    ...entries.map(({ head }) => stringWidth(head)).filter((head) => head <= MAX_HEAD),
  );
  return [
    ...entries.flatMap(({ change, head, detail }) =>
      hang(`  ${head}`, detail, column + 5, width).map((text) =>
        line(text, CHANGE_STYLES[change].tone),
      ),
    ),
    ...(plan.stateOnly && entries.length === 0
      ? [line("  ~ the state: what it protects, or its outputs", CHANGE_STYLES.change.tone)]
      : []),
    ...hang("  waits for a restart:", plan.awaitingRestart.join(", "), 0, width)
      .filter(() => plan.awaitingRestart.length > 0)
      .map((text) => line(text, "change")),
    line(`  ${planSummary(plan).text}`, planSummary(plan).tone),
  ];
}
