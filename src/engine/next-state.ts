import type { Goal } from "./goal.ts";
import { sameValue } from "../protocol/values.ts";
import type { Value } from "../protocol/values.ts";
import type { Resource } from "./resource.ts";

const list = <T>(items: readonly T[]): readonly T[] | undefined =>
  items.length === 0 ? undefined : items;

/** A resource as its goal wants it, before its plugin was asked. It keeps its history. */
export function nextState(
  goal: Goal,
  urn: string,
  slot: number,
  old: Resource | undefined,
): Resource {
  const facts = {
    parent: goal.parent,
    protect: goal.protect || undefined,
    dependencies: list(goal.dependencies),
    provider: goal.provider,
    propertyDependencies: goal.propertyDependencies,
    additionalSecretOutputs: list(goal.additionalSecretOutputs),
    customTimeouts: goal.customTimeouts,
    retainOnDelete: goal.retainOnDelete || undefined,
    deletedWith: goal.deletedWith,
    ignoreChanges: list(goal.ignoreChanges),
    replaceOnChanges: list(goal.replaceOnChanges),
    created: old?.created,
    modified: old?.modified,
  };
  const set = Object.entries(facts).filter(([, value]) => value !== undefined);
  const { custom, type, inputs } = goal;
  return { slot, urn, custom, type, inputs, outputs: {}, ...Object.fromEntries(set) };
}

/** What the state keeps of a resource besides its history. */
const KEPT = [
  "urn",
  "type",
  "custom",
  "parent",
  "protect",
  "dependencies",
  "provider",
  "additionalSecretOutputs",
  "customTimeouts",
  "retainOnDelete",
  "deletedWith",
  "ignoreChanges",
  "replaceOnChanges",
  "inputs",
  "outputs",
] as const;

/** Whether a resource that is the same in the world is kept otherwise in the state. */
export function isKeptOtherwise(old: Resource, next: Resource): boolean {
  return KEPT.some((key) => !sameFact(old[key], next[key])) || !sameFact(needs(old), needs(next));
}

/** Properties that need nothing may be named or not. */
const needs = ({ propertyDependencies = {} }: Resource): unknown =>
  Object.fromEntries(
    Object.entries(propertyDependencies).filter(([, urns]) => urns !== null && urns.length > 0),
  );

function sameFact(a: unknown, b: unknown): boolean {
  return sameValue(a as Value | undefined, b as Value | undefined);
}
