import { tenantSchema } from "../names.ts";
import { suggest } from "../suggest.ts";
import type { TenantState } from "../tenant.ts";

/** What the books know of an id; see sql/fleet/tenant-traces.sql. */
export interface TenantTraces {
  readonly registry: {
    readonly state: TenantState;
    readonly version: number;
    readonly stack: string;
    readonly failure: string | null;
  } | null;
  readonly schemaIsThere: boolean;
  /** The id that the tenant has now. */
  readonly renamedTo: string | null;
  readonly tombstone: { readonly removedAt: string; readonly archive: string | null } | null;
  /** Every tenant's id. */
  readonly ids: readonly string[];
}

/** What is so with a tenant, and what to run next. */
export interface TenantExplanation {
  readonly id: string;
  readonly state: string;
  readonly next: readonly string[];
}

/** @param declared the ids in the stack file */
export function explainTenant(
  id: string,
  { registry, schemaIsThere, renamedTo, tombstone, ids }: TenantTraces,
  declared: readonly string[],
): TenantExplanation {
  const say = (state: string, ...next: readonly string[]): TenantExplanation => ({
    ...{ id, state, next },
  });
  if (registry !== null) {
    if (!schemaIsThere)
      return say("is in the registry, and its schema is gone (DOC-10)", "npx tenantry doctor");
    if (registry.state !== "active")
      return say(
        `is ${registry.state}: its rights are taken away, its data is kept. "state: active" in the stack file gives them back`,
        "npx tenantry up",
      );
    if (registry.failure !== null)
      return say(
        `is active and stays at migration ${registry.version}: ${registry.failure.split("\n", 1)[0] ?? ""}`,
        "npx tenantry migrate status",
      );
    return say(
      `is active at migration ${registry.version}, and its schema is there`,
      "npx tenantry doctor",
    );
  }
  if (renamedTo !== null)
    return say(
      `is called ${renamedTo} since it was renamed; its schema is ${tenantSchema(renamedTo)}`,
      `npx tenantry log ${renamedTo}`,
    );
  if (schemaIsThere)
    return say(
      "is not in the registry, and a schema of its name is there that tenantry did not make (DOC-11)",
      "npx tenantry doctor",
    );
  if (tombstone !== null)
    return say(
      `was removed on ${tombstone.removedAt}`,
      tombstone.archive === null
        ? `npx tenantry log ${id}`
        : `npx tenantry restore ${tombstone.archive} --as ${id}`,
    );
  if (declared.includes(id))
    return say("is in the stack file and was never made", "npx tenantry up");
  const meant = suggest(id, [...ids, ...declared]);
  return meant === undefined
    ? say("was never there, and none has a name like it", "npx tenantry list")
    : say(`was never there. Did you mean ${meant} (schema ${tenantSchema(meant)})?`);
}
