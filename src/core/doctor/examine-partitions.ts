import { quoteLiteral } from "../identifier.ts";
import { PARTITIONS_SCHEMA, partitionName } from "../partition.ts";
import type { Finding } from "./finding.ts";
import type { SoundPatient } from "./examine-tenants.ts";
import type { Orphans, SharedTablePartitions } from "../shared-table-partitions.ts";

/** The tenants that lack partitions, and the partitions that are not a tenant's. */
export function examinePartitions(
  tables: readonly SharedTablePartitions[],
  tenants: readonly SoundPatient[],
): Finding[] {
  return tables.flatMap(({ name, partitions }) => {
    const own = new Set(
      partitions.filter((partition) => partition.name === name).map(({ schema }) => schema),
    );
    const missing = tenants
      .filter(({ registry, schema }) => registry.state !== "retired" && !own.has(schema.name))
      .map(({ registry, schema }): Finding => ({
        code: "DOC-40",
        subject: `${schema.name} table ${name}`,
        found: `no partition of shared.${name}`,
        tenant: registry.id,
        repair: { by: "tenant", id: registry.id },
      }));
    const foreign = partitions
      .filter((partition) => {
        const key = keyOf(name, partition);
        return (
          key === null ||
          partition.name !== partitionName(name, { schema: partition.schema, key }) ||
          partition.bound !== `FOR VALUES IN (${quoteLiteral(key)})`
        );
      })
      .map((partition): Finding => ({
        code: "DOC-41",
        subject: `${partition.schema} table ${partition.name}`,
        found: `partition of shared.${name} ${partition.bound.toLowerCase().replace(/\(.*/s, "")}${partition.bound.replace(/^[^(]*/s, "")}`,
      }));
    return [...missing, ...foreign];
  });
}

/** Whose partition it is by where it lies. */
const keyOf = (
  table: string,
  { schema, name, key }: SharedTablePartitions["partitions"][number],
): string | null =>
  schema === PARTITIONS_SCHEMA ? name.slice(partitionName(table, { schema, key: "" }).length) : key;

/** The rows that are in no tenant's partition. */
export function examineOrphans(orphans: readonly Orphans[]): Finding[] {
  return orphans.map(({ partition, key, rows }) => ({
    code: "DOC-42",
    subject: `${partition} ${key}`,
    found: `${rows} ${rows === 1 ? "row" : "rows"}`,
  }));
}
