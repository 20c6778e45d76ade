import type { Step } from "../../core/engine-event.ts";
import { restartsServer } from "../render/awaiting-restart.ts";
import { changeOf, isReplacement } from "../render/plan.ts";
import { differencesOf } from "../render/property.ts";

/** What happens to a resource, in a reviewer's words; what needs the closest look first. */
export const KINDS = [
  "replaced",
  "removed",
  "unprotected",
  "retired",
  "suspended",
  "restarted",
  "migrated",
  "changed",
  "reactivated",
  "added",
] as const;

export type Kind = (typeof KINDS)[number];

/** Kinds after which something may be gone, or stops for its users. */
export const DANGERS: readonly Kind[] = KINDS.slice(0, KINDS.indexOf("migrated"));

const BY_STATE: Readonly<Record<string, Kind>> = {
  retired: "retired",
  suspended: "suspended",
  active: "reactivated",
};

/** The kind of a step; nothing when it leaves the resource and its protection as they are. */
export function kindOf(step: Step): Kind | undefined {
  switch (changeOf(step)) {
    case "replace":
      return "replaced";
    case "remove":
      return "removed";
    case "create":
      return "added";
    case "change":
      return kindOfChange(step);
    default:
      return losesProtection(step) ? "unprotected" : undefined;
  }
}

const losesProtection = ({ old, new: next }: Step): boolean =>
  old?.protect === true && !!next && next.protect !== true;

function kindOfChange(step: Step): Kind {
  const differences = differencesOf(step);
  const touches = (test: (path: readonly string[]) => boolean): boolean =>
    differences.some(({ path }) => test(path));
  switch (step.type) {
    case "tenantry:index:Tenant": {
      const state = differences.find(({ path }) => path.join(".") === "spec.state")?.new;
      const kind = typeof state === "string" ? BY_STATE[state] : undefined;
      if (kind !== undefined) return kind;
      if (touches(([, key]) => key === "pin")) return "migrated";
      break;
    }
    case "tenantry:index:Migrations":
      // What is left is a line in the audit log.
      if (touches(([first]) => first !== "rotations")) return "migrated";
      break;
    case "tenantry:index:FleetMigrations":
      return "migrated";
  }
  if (restartsServer(step, isReplacement(step))) return "restarted";
  return losesProtection(step) ? "unprotected" : "changed";
}
