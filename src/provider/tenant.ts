import type { TenantSpec } from "../core/tenant.ts";
import { detailedDiff } from "../protocol/detailed-diff.ts";
import type { ResourceHandler } from "../protocol/resource-handler.ts";
import { isObject } from "../protocol/values.ts";
import type { Properties } from "../protocol/values.ts";
import { checkTenant } from "./check-tenant.ts";
import type { Session } from "./session.ts";
import { changeTenant, findTenant, lastingSpec, leaveTenant, makeTenant } from "./tenant-work.ts";

const specOf = (properties: Properties): TenantSpec => properties.spec as unknown as TenantSpec;

const oldIdOf = ({ renamedFrom }: Properties): string | undefined =>
  typeof renamedFrom === "string" ? renamedFrom : undefined;

/** The tenant's id now. A resource keeps the one it was made with as its own. */
const idOf = (properties: Properties, made: string): string =>
  isObject(properties.spec) ? (properties.spec.id as string) : made;

/** One tenant; see `findTenant` for the outputs `drift` and `objects`. */
export function tenantHandler(session: Session): ResourceHandler {
  const own = { session, manager: "stack" } as const;
  return {
    check: ({ olds, news }) => {
      const failures = checkTenant(olds, news);
      const spec = specOf(news);
      if (failures.length === 0 && isObject(news.spec))
        session.declared.set(spec.id, { manager: own.manager, spec });
      return failures;
    },
    diff: ({ oldInputs, olds, news }) => ({
      detailedDiff: {
        ...detailedDiff(lasting(oldInputs), lasting(news)),
        ...(olds.drift === undefined ? {} : { drift: { diffKind: "delete", inputDiff: false } }),
      },
    }),
    create: async ({ inputs, preview, signal }) => {
      const spec = specOf(inputs);
      const place = await makeTenant({ ...own, preview, signal }, spec, oldIdOf(inputs));
      return { id: spec.id, outputs: { ...inputs, ...place } };
    },
    update: async ({ olds, news, preview, signal }) => {
      const { key, version, objects } = olds;
      const old = { spec: specOf(olds), key: textOf(key), version: numberOf(version) };
      const run = { ...own, preview, signal };
      const place = await changeTenant(run, old, specOf(news), oldIdOf(news));
      return { ...news, ...place, ...(objects === undefined ? {} : { objects }) };
    },
    read: async ({ id, inputs, signal }) => {
      const found = await findTenant(session.fleet(signal), idOf(inputs, id), inputs.spec);
      if (found === undefined) return undefined;
      const { spec, place, notes } = found;
      const declared = { ...inputs, spec };
      return { id, inputs: declared, outputs: { ...declared, ...place, ...notes } };
    },
    delete: ({ id, oldInputs, signal }) =>
      leaveTenant({ ...own, signal }, idOf(oldInputs, id), retentionOf(oldInputs)),
  };
}

const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);
const numberOf = (value: unknown): number | undefined =>
  typeof value === "number" ? value : undefined;

/** What of a tenant's inputs still means something once it is there. */
function lasting(inputs: Properties): Properties {
  const rest = lastingSpec(inputs);
  return isObject(rest.spec) ? { ...rest, spec: lastingSpec(rest.spec) } : rest;
}

/** Days; none that is the tenant's own is the stack's. */
function retentionOf({ spec }: Properties): number | undefined {
  return isObject(spec) ? numberOf(spec.retention) : undefined;
}
