import { tenantIdProblem } from "../core/name-rules.ts";
import { tenantSchema } from "../core/names.ts";
import { changesVersion } from "../core/tenant-version.ts";
import type { TenantSpec } from "../core/tenant.ts";
import { provisionTenant } from "../fleet/provision-tenant.ts";
import { readTenant } from "../fleet/read-tenant.ts";
import type { TenantFacts } from "../fleet/read-tenant.ts";
import { removeTenant } from "../fleet/remove-tenant.ts";
import { unlessGone } from "../fleet/unless-gone.ts";
import { updateTenant } from "../fleet/update-tenant.ts";
import { detailedDiff } from "../protocol/detailed-diff.ts";
import type { CheckFailure, ResourceHandler } from "../protocol/resource-handler.ts";
import { isObject, UNKNOWN } from "../protocol/values.ts";
import type { Properties } from "../protocol/values.ts";
import { integer, object, oneOf, optional, problemsOf, text } from "./check-properties.ts";
import type { Session } from "./session.ts";

const specOf = (properties: Properties): TenantSpec => properties.spec as unknown as TenantSpec;

/**
 * One tenant. Two outputs are there only while a refresh has found something: `drift`, which the next update puts
 * right, and `objects`, tables and the like that differ from what the migrations made. Those are a person's to mend:
 * dropping or rebuilding them could lose data.
 */
export function tenantHandler(session: Session): ResourceHandler {
  return {
    check: ({ olds, news }) => checkInputs(olds, news),
    diff: ({ oldInputs, olds, news }) => ({
      detailedDiff: {
        ...detailedDiff(oldInputs, news),
        ...(olds.drift === undefined ? {} : { drift: { diffKind: "delete", inputDiff: false } }),
      },
    }),
    create: async ({ inputs, preview, signal }) => {
      const spec = specOf(inputs);
      const place = preview
        ? { schema: tenantSchema(spec.id), key: spec.id, version: session.targetVersion(spec) }
        : await provisionTenant(session.fleet(signal), spec);
      return { id: spec.id, outputs: { ...inputs, ...place } };
    },
    update: async ({ olds, news, preview, signal }) => {
      const spec = specOf(news);
      const { schema = null, key = null, objects } = olds;
      const planned = session.targetVersion(spec);
      const version = changesVersion(specOf(olds), spec) ? planned : (olds.version ?? planned);
      const place = preview
        ? { schema, key, version }
        : await updateTenant(session.fleet(signal), spec);
      return { ...news, ...place, ...(objects === undefined ? {} : { objects }) };
    },
    read: async ({ id, inputs, signal }) => {
      const facts = await unlessGone(() => readTenant(session.fleet(signal), id));
      if (facts === undefined) return undefined;
      const found = { ...inputs, spec: { ...facts.spec } };
      return { id, inputs: found, outputs: { ...found, ...observed(facts) } };
    },
    delete: ({ id, signal }) => removeTenant(session.fleet(signal), id),
  };
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

function checkInputs(olds: Properties, news: Properties): CheckFailure[] {
  const failures = problemsOf(news, {
    spec: object({
      id: text,
      company: text,
      state: oneOf("active", "suspended", "retired"),
      isolation: oneOf("shared", "strict"),
      pin: optional(integer(1, 1_000_000)),
    }),
  });
  const id = isObject(news.spec) ? news.spec.id : undefined;
  if (typeof id !== "string" || id === UNKNOWN) return failures;
  const problem = tenantIdProblem(id);
  if (problem !== undefined)
    failures.push({
      property: "spec.id",
      reason: `The tenant id ${JSON.stringify(id)} ${problem}.`,
    });
  const oldId = isObject(olds.spec) ? olds.spec.id : undefined;
  if (oldId !== undefined && oldId !== id)
    failures.push({
      property: "spec.id",
      reason: `The tenant ${JSON.stringify(oldId)} cannot become ${JSON.stringify(id)}: its data would be lost. Keep the id; a new tenant gets an entry of its own.`,
    });
  return failures;
}
