import type { LookUp, TenantStanding } from "./guard-options.ts";

/** More than are asked for within a second; beyond it the oldest is forgotten. */
const MOST = 10_000;

/**
 * Remembers for a while how tenants stand. What is no tenant is asked for each time, so that a new tenant is let in at
 * once; so is what could not be found out.
 */
export function remembered(standing: LookUp, milliseconds: number): LookUp {
  if (milliseconds === 0) return standing;
  const known = new Map<string, { readonly until: number; readonly found: TenantStanding }>();
  return async (id) => {
    const entry = known.get(id);
    if (entry !== undefined && performance.now() < entry.until) return entry.found;
    known.delete(id);
    const found = await standing(id);
    if (found === undefined) return undefined;
    const [oldest] = known.size < MOST ? [] : known.keys();
    if (oldest !== undefined) known.delete(oldest);
    known.set(id, { until: performance.now() + milliseconds, found });
    return found;
  };
}
