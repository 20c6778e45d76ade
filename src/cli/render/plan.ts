import type { EngineEvent, Step, StepOperation } from "../../core/engine-event.ts";
import { parseUrn } from "../../protocol/urn.ts";
import { restartsServer, settingsAwaitingRestart } from "./awaiting-restart.ts";
import { differencesOf, showValue } from "./property.ts";
import type { Difference } from "./property.ts";
import { isMove, TENANT_SHARD, tenantSteps } from "./tenant-steps.ts";
import { migrationNumbers, resourceWords } from "./resource-words.ts";
import type { PlanFacts } from "./resource-words.ts";

/** What happens to one resource, in this project's words. */
export type Change = "create" | "change" | "replace" | "remove" | "same";

export interface PlanItem {
  readonly urn: string;
  readonly type: string;
  /** The resource's name in the program; a tenant's id. */
  readonly resource: string;
  readonly change: Change;
  readonly noun: string;
  readonly plural: string;
  readonly name: string;
  readonly detail: string;
  /** What of it changes, without values: the same for all that change in the same way. */
  readonly aspects: string;
  /** Named even where many are counted. */
  readonly notable: boolean;
  /** What removes it, or what declared it until now, is forbidden to go by the state. */
  readonly protected: boolean;
}

/** What an engine means to do, or did: what its events add up to. */
export interface Plan {
  readonly items: readonly PlanItem[];
  /** Whether a run would change more than the items show: what the state keeps about them, or the stack's outputs. */
  readonly stateOnly: boolean;
  /** The settings that wait for a restart which this plan does not bring. */
  readonly awaitingRestart: readonly string[];
}

const CHANGES: Readonly<Record<StepOperation, Change | undefined>> = {
  same: "same",
  create: "create",
  import: "create",
  update: "change",
  replace: "replace",
  "create-replacement": "replace",
  "import-replacement": "replace",
  delete: "remove",
  read: "same",
  refresh: "same",
  "read-replacement": "same",
  // Parts of a replacement that is named already.
  "delete-replaced": undefined,
  discard: undefined,
  "discard-replaced": undefined,
  "remove-pending-replace": undefined,
};

/** Whether a step puts another resource in the place of one. */
export const isReplacement = ({ op }: Step): boolean => CHANGES[op] === "replace";

/** What a step does in our words; nothing for the second half of a replacement. */
export const changeOf = (step: Step): Change | undefined =>
  isReplacement(step) && resourceWords(step.type).isReplaceable ? "change" : CHANGES[step.op];

/** Whether people are told of a resource: not of the stack itself, components, providers and shards. */
export const isShown = (step: Step): boolean =>
  (step.new ?? step.old)?.custom === true &&
  !step.type.startsWith("pulumi:") &&
  step.type !== TENANT_SHARD;

/** The last word of the events about each resource: a refresh tells only at its end what it found. */
export function lastSteps(events: readonly EngineEvent[]): Step[] {
  const steps = new Map<string, Step>();
  for (const event of events) {
    const step = (event.resOutputsEvent ?? event.resourcePreEvent ?? shardFailed(event))?.metadata;
    if (step && changeOf(step)) steps.set(step.urn, step);
  }
  return tenantSteps([...steps.values()]);
}

/** A shard that failed tells which of its tenants are done. */
const shardFailed = ({ resOpFailedEvent: event }: EngineEvent): typeof event =>
  event?.metadata.type === TENANT_SHARD && event.metadata.new?.outputs.tenants !== undefined
    ? event
    : undefined;

/** How a resource is called: `tenant` and `empresa_123`. */
export function nameOf(step: Step): { noun: string; plural: string; name: string } {
  const words = resourceWords(step.type);
  const inputs = (step.new ?? step.old)?.inputs ?? {};
  return {
    noun: words.noun,
    plural: words.plural ?? `${words.noun}s`,
    name: words.name?.(inputs) ?? parseUrn(step.urn).name,
  };
}

const label = ({ path }: Difference): string => {
  const [first = "", ...rest] = path;
  return (["spec", "parameters"].includes(first) && rest.length > 0 ? rest : path).join(".");
};

type Told = Pick<PlanItem, "detail" | "aspects">;

function toldOf(step: Step, change: Change, facts: PlanFacts): Told {
  const words = resourceWords(step.type);
  if (change === "create")
    return { detail: words.created?.(step.new?.inputs ?? {}, facts) ?? "", aspects: "" };
  if (change === "remove")
    return { detail: words.removed?.(step.old?.inputs ?? {}) ?? "", aspects: "" };
  const differences = differencesOf(step);
  const tell = (otherwise: (difference: Difference) => string): string => {
    const texts = differences.map((it) => words.changed?.(it) ?? otherwise(it));
    return [...new Set(texts.filter((text) => text !== ""))].join(", ");
  };
  return {
    detail: tell((it) => `${label(it)} ${showValue(it.old)} => ${showValue(it.new)}`),
    aspects: tell(label),
  };
}

function itemOf(step: Step, facts: PlanFacts): PlanItem {
  const change = changeOf(step) ?? "same";
  return {
    urn: step.urn,
    type: step.type,
    resource: parseUrn(step.urn).name,
    change,
    ...nameOf(step),
    ...(change === "same" ? { detail: "", aspects: "" } : toldOf(step, change, facts)),
    notable: resourceWords(step.type).notable?.((step.new ?? step.old)?.inputs ?? {}) ?? false,
    protected: (change === "remove" || isMove(step)) && step.old?.protect === true,
  };
}

function changesState(step: Step): boolean {
  if (!step.old || !step.new || changeOf(step) !== "same") return false;
  if ((step.old.protect ?? false) !== (step.new.protect ?? false)) return true;
  return (
    step.type === "pulumi:pulumi:Stack" &&
    JSON.stringify(step.old.outputs) !== JSON.stringify(step.new.outputs)
  );
}

/** The plan in a run's events so far. */
export function planOf(events: readonly EngineEvent[]): Plan {
  const steps = lastSteps(events);
  const files = steps.find(({ type }) => type === "tenantry:index:FleetMigrations")?.new?.inputs;
  const facts = { newestTenantMigration: migrationNumbers(files?.tenant).at(-1) ?? 0 };
  const restarts = steps.some((step) => restartsServer(step, isReplacement(step)));
  return {
    items: steps.filter(isShown).map((step) => itemOf(step, facts)),
    stateOnly: steps.some(changesState),
    awaitingRestart: restarts ? [] : settingsAwaitingRestart(steps),
  };
}

/** How many resources each change concerns. */
export function countChanges(items: readonly PlanItem[]): Record<Change, number> {
  const counts = { create: 0, change: 0, replace: 0, remove: 0, same: 0 };
  for (const { change } of items) counts[change] += 1;
  return counts;
}
