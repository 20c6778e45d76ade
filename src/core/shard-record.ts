// A shard's output `tenants` is a record of each tenant: as it was declared when that was done, its version, its key
// where that is another than its id, and what a refresh noted. A tenant that failed has the record it had before.

export type FieldChange = "add" | "delete" | "update";

type Fields<V> = Readonly<Record<string, V>>;

/** What of a declaration means nothing once the tenant is there. */
export const BEGINNINGS: readonly string[] = ["restore", "clone", "renamedFrom"];

/** What of a record was never declared, and is no difference. */
const FACTS: readonly string[] = ["version", "key", "objects"];

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What a shard's inputs declare, or its outputs record, by the tenant's id. */
export function tenantsOf<V>({ tenants }: Fields<V>): Map<string, Fields<V>> {
  const entries = isObject(tenants) ? Object.entries(tenants) : [];
  return new Map(entries.filter((entry): entry is [string, Fields<V>] => isObject(entry[1])));
}

/** The fields in which a tenant as declared differs from its record: both are flat. */
export function changedFields(
  record: Fields<unknown>,
  declared: Fields<unknown>,
): Map<string, FieldChange> {
  const names = [...new Set([...Object.keys(record), ...Object.keys(declared)])].sort();
  const changes = names.flatMap((name) => {
    const [old, next] = [record[name] ?? null, declared[name] ?? null];
    if (name === "clone" && isAnotherClone(old, next)) return [[name, "update"] as const];
    if (BEGINNINGS.includes(name) || FACTS.includes(name)) return [];
    if (JSON.stringify(old) === JSON.stringify(next)) return [];
    const kind = old === null ? "add" : next === null ? "delete" : "update";
    return [[name, kind] as const];
  });
  return new Map(changes);
}

/** Whether a tenant that began in one way is declared to be a clone of another kind, which it cannot become. */
export function isAnotherClone(began: unknown, declared: unknown): boolean {
  if (!isObject(declared)) return false;
  const origin = (clone: unknown): Fields<unknown> => (isObject(clone) ? { ...clone } : {});
  const [old, next] = [origin(began), origin(declared)];
  return old.from !== next.from || old.data !== next.data;
}
