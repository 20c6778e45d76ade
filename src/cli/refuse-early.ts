import type { EngineEvent } from "../core/engine-event.ts";
import { TenantryError } from "../core/errors.ts";
import { requireRetentions } from "../fleet/require-retention.ts";
import { unlessGone } from "../fleet/unless-gone.ts";
import { asAdministrator } from "./administrator.ts";
import type { Stack } from "./open-stack.ts";
import { changeOf, lastSteps } from "./render/plan.ts";
import { TENANT } from "./render/tenant-steps.ts";

/** What a tenant that is to be removed was declared as. */
interface Removed {
  readonly id: string;
  readonly retention?: number;
}

/**
 * Stops a run that would remove a tenant before its retention is over, before it begins. Where no server answers the
 * plugin decides when it removes the tenant.
 *
 * @throws {TenantryError} TNT-432
 */
export async function refuseEarly(
  events: readonly EngineEvent[],
  { name, settings }: Pick<Stack, "name" | "settings">,
): Promise<void> {
  if (settings.disposable) return;
  const tenants = lastSteps(events)
    .filter((step) => step.type === TENANT && changeOf(step) === "remove")
    .flatMap(({ old }) => (old ? [old.inputs.spec as Removed] : []))
    .map(({ id, retention: days = settings.retention }) => ({ id, days }))
    .filter(({ days }) => days > 0);
  if (tenants.length === 0) return;
  try {
    await unlessGone(() =>
      asAdministrator({ stack: name }, (ctx) => requireRetentions(ctx, tenants)),
    );
  } catch (error) {
    const isUnreachable =
      error instanceof TenantryError && (error.code === "TNT-609" || error.code === "TNT-401");
    if (!isUnreachable) throw error;
  }
}
