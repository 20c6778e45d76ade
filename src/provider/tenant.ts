import { tenantSchema } from "../core/names.ts";
import { changesVersion } from "../core/tenant-version.ts";
import type { TenantSpec } from "../core/tenant.ts";
import { readArchiveHead } from "../fleet/archive/archive-file.ts";
import { provisionTenant } from "../fleet/provision-tenant.ts";
import { readTenant } from "../fleet/read-tenant.ts";
import type { TenantFacts } from "../fleet/read-tenant.ts";
import { renameTenant } from "../fleet/rename-tenant.ts";
import { removeTenant } from "../fleet/remove-tenant.ts";
import type { FleetContext } from "../fleet/context.ts";
import { unlessGone } from "../fleet/unless-gone.ts";
import { updateTenant } from "../fleet/update-tenant.ts";
import { detailedDiff } from "../protocol/detailed-diff.ts";
import type { ResourceHandler } from "../protocol/resource-handler.ts";
import { isObject } from "../protocol/values.ts";
import type { Properties, Value } from "../protocol/values.ts";
import { checkTenant } from "./check-tenant.ts";
import { previewClone } from "./preview-clone.ts";
import type { Session } from "./session.ts";

const specOf = (properties: Properties): TenantSpec => properties.spec as unknown as TenantSpec;

/** The tenant's id now. A resource keeps the one it was made with as its own. */
const idOf = (properties: Properties, made: string): string =>
  isObject(properties.spec) ? (properties.spec.id as string) : made;

/**
 * One tenant. Two outputs are there only while a refresh has found something: `drift`, which the next update puts
 * right, and `objects`, tables and the like that differ from what the migrations made. Those are a person's to mend:
 * dropping or rebuilding them could lose data.
 */
export function tenantHandler(session: Session): ResourceHandler {
  return {
    check: ({ olds, news }) => checkTenant(olds, news),
    diff: ({ oldInputs, olds, news }) => ({
      detailedDiff: {
        ...detailedDiff(lasting(oldInputs), lasting(news)),
        ...(olds.drift === undefined ? {} : { drift: { diffKind: "delete", inputDiff: false } }),
      },
    }),
    create: async ({ inputs, preview, signal }) => {
      const spec = specOf(inputs);
      if (preview && spec.restore !== undefined)
        await readArchiveHead(session.archives, spec.restore);
      if (preview && spec.clone) await previewClone(session, spec.clone, signal);
      if (preview) session.plannedTenants.set(spec.id, spec);
      if (!preview) await rename(session.fleet(signal), inputs);
      const place = preview
        ? { schema: tenantSchema(spec.id), key: spec.id, version: session.targetVersion(spec) }
        : await provisionTenant(session.fleet(signal), spec);
      return { id: spec.id, outputs: { ...inputs, ...place } };
    },
    update: async ({ olds, news, preview, signal }) => {
      const spec = specOf(news);
      const { key = null, objects } = olds;
      if (preview) session.plannedTenants.set(spec.id, spec);
      if (!preview) await rename(session.fleet(signal), news);
      const planned = session.targetVersion(spec);
      const version = changesVersion(specOf(olds), spec) ? planned : (olds.version ?? planned);
      const place = preview
        ? { schema: tenantSchema(spec.id), key, version }
        : await updateTenant(session.fleet(signal), spec);
      return { ...news, ...place, ...(objects === undefined ? {} : { objects }) };
    },
    read: async ({ id, inputs, signal }) => {
      const now = idOf(inputs, id);
      const facts = await unlessGone(() => readTenant(session.fleet(signal), now));
      if (facts === undefined) return undefined;
      const found = { ...inputs, spec: { ...facts.spec, ...unread(inputs.spec) } };
      return { id, inputs: found, outputs: { ...found, ...observed(facts) } };
    },
    delete: ({ id, oldInputs, signal }) =>
      removeTenant(session.fleet(signal), idOf(oldInputs, id), retentionOf(oldInputs)),
  };
}

async function rename(ctx: FleetContext, { spec, renamedFrom }: Properties): Promise<void> {
  if (typeof renamedFrom !== "string" || !isObject(spec)) return;
  await renameTenant(ctx, renamedFrom, spec.id as string);
}

/** What of a tenant's inputs still means something once it is there. */
function lasting(properties: Properties): Properties {
  const without = (map: Properties, left: string): Properties =>
    Object.fromEntries(Object.entries(map).filter(([name]) => name !== left));
  const rest = without(properties, "renamedFrom");
  if (!isObject(rest.spec)) return rest;
  return { ...rest, spec: without(without(rest.spec, "restore"), "clone") };
}

/** What of a spec is not in the database's own words: it stays as it was declared. */
function unread(spec: Value | undefined): Properties {
  const { restore, clone, retention } = isObject(spec) ? spec : {};
  return {
    ...(restore !== undefined && { restore }),
    ...(clone !== undefined && { clone }),
    ...(retention !== undefined && { retention }),
  };
}

/** Days; none that is the tenant's own is the stack's. */
function retentionOf({ spec }: Properties): number | undefined {
  return isObject(spec) && typeof spec.retention === "number" ? spec.retention : undefined;
}

function observed({ schema, key, version, drift, missingPartitions }: TenantFacts): Properties {
  const repairable = [
    ...drift.rights,
    ...missingPartitions.map((table) => `missing partition of shared.${table}`),
  ];
  return {
    ...{ schema, key, version },
    ...(repairable.length > 0 ? { drift: repairable } : {}),
    ...(drift.objects.length > 0 ? { objects: drift.objects } : {}),
  };
}
