import { createHash } from "node:crypto";
import type { Step } from "../../core/engine-event.ts";
import { SIGNATURE, UNKNOWN } from "../../protocol/values.ts";
import { changeOf, isReplacement } from "../render/plan.ts";
import { differencesOf } from "../render/property.ts";

/** Values without what engines write differently: order of keys, the forms of secrets and unknowns, their own notes. */
function normalised(value: unknown): unknown {
  if (value === "[secret]") return { secret: true };
  if (value === UNKNOWN) return { unknown: true };
  if (Array.isArray(value)) return value.map(normalised);
  if (typeof value !== "object" || value === null) return value;
  if (SIGNATURE in value) return { secret: true };
  return Object.entries(value)
    .filter(([key, inner]) => !key.startsWith("__") && inner !== undefined)
    .map(([key, inner]) => [key, normalised(inner)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

const inputs = (state: Step["new"]): unknown => normalised(state?.inputs ?? {});

function normalStep(step: Step): unknown {
  const change = changeOf(step) ?? "same";
  const protection = [step.old?.protect ?? false, step.new?.protect ?? false];
  const differences = differencesOf(step)
    .map(({ path, kind, old, new: next }) => [path, kind, normalised(old), normalised(next)])
    .map((difference) => JSON.stringify(difference))
    .sort();
  switch (change) {
    case "create":
      return [step.urn, change, inputs(step.new), protection[1]];
    case "remove":
      return [step.urn, change, inputs(step.old), protection[0]];
    case "same":
      return protection[0] === protection[1] ? undefined : [step.urn, change, protection];
    default:
      return [step.urn, isReplacement(step) ? "replace" : change, differences, protection];
  }
}

/**
 * SHA-256, in hexadecimal, of what a plan would do: each resource with its change, what differs and whether it is
 * protected. The same plan has the same digest at any time, in any order of events and on either engine. Of secrets it
 * knows whether they change, not what they are.
 */
export function planDigest(steps: readonly Step[]): string {
  const lines = steps
    .filter((step) => (step.new ?? step.old)?.custom === true)
    .flatMap((step) => {
      const normal = normalStep(step);
      return normal === undefined ? [] : [JSON.stringify(normal)];
    })
    .sort();
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}
