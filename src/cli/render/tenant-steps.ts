import type { PropertyDifference, Step, StepState } from "../../core/engine-event.ts";
import { omit } from "../../core/omit.ts";
import { changedFields, tenantsOf } from "../../core/shard-record.ts";
import { isObject } from "../../protocol/values.ts";
import type { Properties } from "../../protocol/values.ts";

export const TENANT = "tenantry:index:Tenant";
export const TENANT_SHARD = "tenantry:index:TenantShard";

/** One side of what happens to a tenant, whatever declares it. */
interface Side {
  readonly id: string;
  readonly layout: "tenants" | "shards";
  /** Of the resource that declares it. */
  readonly resource: StepState;
  /** As a shard declares or records it. */
  readonly tenant: Readonly<Record<string, unknown>>;
}

/** By the tenant's id. */
type Sides = Map<string, Side>;

/**
 * The steps of a plan with a step for each tenant in place of a shard's, as if it were a resource of its own. Where a
 * stack goes from one layout to the other, what two resources do about one tenant is one step.
 */
export function tenantSteps(steps: readonly Step[]): Step[] {
  if (!steps.some(({ type }) => type === TENANT_SHARD)) return [...steps];
  const shards = steps.filter(({ type }) => type === TENANT_SHARD);
  const before: Sides = new Map(shards.flatMap(({ old }) => inShard(old)));
  const after: Sides = new Map(shards.flatMap((step) => inShard(step.new)));
  const renamed = new Set([
    ...shards.flatMap((step) => Object.keys(renamedIn(step.new))),
    ...[...after.values()].flatMap(oldIdOf),
  ]);
  const others = steps.filter((step) => {
    const side = step.type === TENANT ? alone(step.new ?? step.old) : undefined;
    if (side === undefined) return step.type !== TENANT_SHARD;
    const other = step.new ? before : after;
    if (![side.id, ...oldIdOf(side)].some((id) => other.has(id))) return true;
    (step.new ? after : before).set(side.id, side);
    return false;
  });
  const kept = [...after.values()].map((next) => {
    const [from] = oldIdOf(next);
    const known = before.get(next.id) ?? before.get(from ?? "");
    // The shard that had the old id may not be among the steps.
    return present(known ?? (from === undefined ? undefined : { ...next, id: from }), next);
  });
  const left = [...before.values()].filter(({ id }) => !after.has(id) && !renamed.has(id));
  return [...others, ...kept, ...left.map(gone)];
}

/** Whether a step puts a tenant from one layout into the other. */
export const isMove = ({ type, detailedDiff }: Step): boolean =>
  type === TENANT && detailedDiff?.layout !== undefined;

/** The id that a tenant had before, if its line says so. */
const oldIdOf = ({ tenant: { renamedFrom } }: Side): string[] =>
  typeof renamedFrom === "string" ? [renamedFrom] : [];

const renamedIn = (state: Step["new"]): object =>
  isObject(state?.inputs.renamed) ? state.inputs.renamed : {};

/** The tenants of one side of a shard's step: those that are recorded, or else declared. */
function inShard(resource: Step["new"]): [string, Side][] {
  if (!resource) return [];
  const { inputs, outputs } = resource;
  return [...tenantsOf(isObject(outputs.tenants) ? outputs : inputs)].map(([id, tenant]) => [
    id,
    { id, layout: "shards", resource, tenant },
  ]);
}

/** The tenant of a resource of its own. */
function alone(resource: Step["new"]): Side | undefined {
  const { spec, renamedFrom } = (resource?.inputs ?? {}) as Properties;
  if (!resource || !isObject(spec) || typeof spec.id !== "string") return undefined;
  const tenant = { ...omit(spec, "id"), ...(renamedFrom !== undefined && { renamedFrom }) };
  return { id: spec.id, layout: "tenants", resource, tenant };
}

/** As the tenant's own resource is called. */
function names({ id, resource: { urn, provider } }: Side): Pick<Step, "urn" | "type" | "provider"> {
  const parent = urn.slice(0, urn.lastIndexOf("::")).replace(/TenantShard$/, "Tenant");
  return { urn: `${parent}::${id}`, type: TENANT, provider };
}

function stateOf(side: Side, protect: boolean): StepState {
  const { id, layout, resource, tenant } = side;
  const spec = { id, ...omit(tenant, "renamedFrom") };
  return { ...resource, ...names(side), inputs: { spec, layout }, outputs: tenant, protect };
}

/** Of a shard's tenants the plugin keeps those that are not retired. */
const isProtected = ({ layout, resource, tenant }: Side): boolean =>
  resource.protect === true && (layout === "tenants" || tenant.state !== "retired");

function present(old: Side | undefined, next: Side): Step {
  const last = stateOf(next, isProtected(next));
  if (!old) return { ...names(next), op: "create", new: last };
  const update = { diffKind: "update", inputDiff: true } as const;
  const moves = old.layout !== next.layout;
  const detailedDiff: Record<string, PropertyDifference> = {
    ...(old.id !== next.id && { "spec.id": update }),
    ...(moves && { layout: update }),
  };
  for (const [field, diffKind] of changedFields(old.tenant, next.tenant)) {
    const isFound = field === "drift";
    detailedDiff[isFound ? field : `spec.${field}`] = { diffKind, inputDiff: !isFound };
  }
  return {
    ...names(next),
    op: Object.keys(detailedDiff).length > 0 ? "update" : "same",
    // A resource that is protected does not go, whatever the state of the tenants it declared.
    old: stateOf(old, moves ? old.resource.protect === true : isProtected(old)),
    new: last,
    detailedDiff,
  };
}

function gone(old: Side): Step {
  return { ...names(old), op: "delete", old: stateOf(old, isProtected(old)) };
}
