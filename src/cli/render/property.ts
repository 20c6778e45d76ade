import type { PropertyDifference, Step } from "../../core/engine-event.ts";
import { parsePropertyPath } from "../../engine/property-path.ts";
import { SIGNATURE, UNKNOWN } from "../../protocol/values.ts";

/** One property that differs, with both values as an engine showed them (secrets are masked by it). */
export interface Difference {
  /** Where: `spec.company` is `["spec", "company"]`. */
  readonly path: readonly string[];
  readonly kind: "add" | "delete" | "update";
  readonly old: unknown;
  readonly new: unknown;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null
        ? (inner as Record<string, unknown>)[key]
        : undefined,
    value,
  );
}

/**
 * What differs in a step, from its detailed diff, or by whole properties where there is none. Old values are inputs or
 * outputs as the engine says; new ones are inputs, and outputs after a refresh.
 */
export function differencesOf(step: Step): Difference[] {
  const detailed: readonly (readonly [string, PropertyDifference])[] =
    step.detailedDiff && Object.keys(step.detailedDiff).length > 0
      ? Object.entries(step.detailedDiff)
      : (step.diffs ?? []).map((key) => [key, { diffKind: "update", inputDiff: true }] as const);
  return detailed.map(([text, { diffKind, inputDiff }]) => {
    const path = parsePropertyPath(text);
    return {
      path,
      kind: diffKind.replace("-replace", "") as Difference["kind"],
      old: valueAt(inputDiff ? step.old?.inputs : step.old?.outputs, path),
      new: valueAt(step.new?.inputs, path) ?? valueAt(step.new?.outputs, path),
    };
  });
}

/** A value for people: texts quoted, secrets and values not known yet in words, long ones cut. */
export function showValue(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (value === UNKNOWN) return "(known after up)";
  if (value === "[secret]") return "(secret)";
  if (typeof value === "object" && SIGNATURE in value) return "(secret)";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
