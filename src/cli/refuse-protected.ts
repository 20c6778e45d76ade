import { TenantryError } from "../core/errors.ts";
import type { Settings } from "../settings/settings.ts";
import type { Operation } from "./engine/engine.ts";
import type { Stack } from "./open-stack.ts";
import type { Plan, PlanItem } from "./render/plan.ts";

const named = ({ noun, name }: PlanItem): string => `${noun} ${name}`.trimEnd();

/**
 * Stops a refresh that would record that something protected is gone: the next `up` would make it anew, empty, and hide
 * the loss.
 *
 * @throws {TenantryError} TNT-617
 */
export function refuseLoss(plan: Plan, { name }: Pick<Stack, "name">): void {
  const lost = plan.items.filter((item) => item.protected).map(named);
  if (lost.length > 0) throw new TenantryError("TNT-617", { lost, stack: name });
}

/**
 * Stops a run that would remove what is protected, before it begins: engines say it of one resource, in their own
 * words and after other changes were made.
 *
 * @throws {TenantryError} TNT-461 for tenants that another layout declares, TNT-605 for tenants that are not retired, TNT-606 for anything else, TNT-607 when the whole
 *   stack was to go
 */
export function refuseProtected(
  plan: Plan,
  {
    file,
    name,
    settings,
  }: Pick<Stack, "file" | "name"> & {
    readonly settings: Pick<Settings, "layout">;
  },
  operation: Exclude<Operation, "refresh">,
): void {
  const refused = plan.items.filter((item) => item.protected);
  if (refused.length === 0) return;
  if (operation === "destroy") throw new TenantryError("TNT-607", { stack: name, file });
  const moved = refused.filter(({ change }) => change !== "remove").map(({ resource }) => resource);
  if (moved.length > 0)
    throw new TenantryError("TNT-461", { tenants: moved, layout: settings.layout, stack: name });
  const tenants = refused.filter(({ noun }) => noun === "tenant").map(({ resource }) => resource);
  if (tenants.length > 0) throw new TenantryError("TNT-605", { tenants, file });
  throw new TenantryError("TNT-606", { resources: refused.map(named), stack: name });
}
