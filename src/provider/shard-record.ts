import { omit } from "../core/omit.ts";
import { changedFields, tenantsOf } from "../core/shard-record.ts";
import type { FieldChange } from "../core/shard-record.ts";
import type { TenantSpec } from "../core/tenant.ts";
import type { DetailedDiff } from "../protocol/detailed-diff.ts";
import type { Properties, Value } from "../protocol/values.ts";

/** How the tenants of a shard differ from its records, which alone say what was done: `tenants.empresa_1.state`. */
export function shardDifference(olds: Properties, news: Properties): DetailedDiff {
  const [records, declared] = [tenantsOf(olds), tenantsOf(news)];
  const ids = [...new Set([...records.keys(), ...declared.keys()])].sort();
  const paths = ids.flatMap((id): [string, FieldChange][] => {
    const [record, tenant] = [records.get(id), declared.get(id)];
    if (record === undefined) return [[`tenants.${id}`, "add"]];
    if (tenant === undefined) return [[`tenants.${id}`, "delete"]];
    return [...changedFields(record, tenant)].map(([field, kind]) => [
      `tenants.${id}.${field}`,
      kind,
    ]);
  });
  return Object.fromEntries(
    paths.map(([path, diffKind]) => [path, { diffKind, inputDiff: false }]),
  );
}

/** The record of a tenant that is as declared. */
export function recordOf(
  id: string,
  declared: Properties,
  { version, key, ...notes }: Properties,
): Properties {
  return {
    ...declared,
    ...(version !== undefined && { version }),
    ...(typeof key === "string" && key !== id && { key }),
    ...notes,
  };
}

/** The spec in what is declared or recorded. */
export const specOf = (id: string, tenant: Properties): TenantSpec =>
  ({ id, ...omit(tenant, "renamedFrom") }) as unknown as TenantSpec;

/** A text of a record. */
export const textOf = (value: Value | undefined): string | undefined =>
  typeof value === "string" ? value : undefined;
