import type { EngineEvent } from "../../core/engine-event.ts";
import { isShown, lastSteps, planOf } from "../render/plan.ts";
import { planOrder } from "../render/resource-words.ts";
import { kindOf, KINDS } from "./kind.ts";
import type { Kind } from "./kind.ts";
import { planDigest } from "./plan-digest.ts";

/** One resource that a plan touches. */
export interface ReviewedChange {
  readonly kind: Kind;
  readonly type: string;
  readonly noun: string;
  readonly plural: string;
  readonly name: string;
  readonly detail: string;
  /** Named even where many are counted. */
  readonly notable: boolean;
}

/** A plan as it is reviewed: what it does, what needs the closest look first. */
export interface Review {
  readonly changes: readonly ReviewedChange[];
  /** How many resources stay as they are. */
  readonly unchanged: number;
  /** The settings that wait for a restart which this plan does not bring. */
  readonly awaitingRestart: readonly string[];
  /** See {@link planDigest}. */
  readonly digest: string;
}

/** The review of what a preview's events say. */
export function reviewOf(events: readonly EngineEvent[]): Review {
  const steps = lastSteps(events);
  const kinds = new Map(steps.filter(isShown).map((step) => [step.urn, kindOf(step)]));
  const { items, awaitingRestart } = planOf(events);
  const changes = items.flatMap(({ urn, type, noun, plural, name, detail, notable }) => {
    const kind = kinds.get(urn);
    return kind === undefined ? [] : [{ kind, type, noun, plural, name, detail, notable }];
  });
  changes.sort(
    (a, b) =>
      KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
      planOrder(a.type) - planOrder(b.type) ||
      (a.name < b.name ? -1 : Number(a.name > b.name)),
  );
  return {
    changes,
    unchanged: items.length - changes.length,
    awaitingRestart,
    digest: planDigest(steps),
  };
}
