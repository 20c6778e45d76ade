import { createHash } from "node:crypto";
import type { DeclaredTenant } from "./tenant.ts";

/** Shards of a stack. A constant: with another number, tenants would belong to other shards. */
export const SHARDS = 128;

/** A tenant as its shard lists it, by its id. */
export type ShardTenant = Omit<DeclaredTenant, "id">;

/** What is declared about one shard. */
export interface Shard {
  /** From 0. */
  readonly number: number;
  readonly tenants: Readonly<Record<string, ShardTenant>>;
  /** Tenants of other shards that some of these are cloned from: to be as declared before they are copied. */
  readonly sources?: Readonly<Record<string, ShardTenant>>;
  /** Tenants of this shard that get another id, by their old one. The new one may be another shard's. */
  readonly renamed?: Readonly<Record<string, string>>;
}

/**
 * The shard of a tenant, by its id, from 0: the first seven bits of the id's SHA-256. The id is what a stack always
 * says of a tenant; whoever gets another id may get another shard.
 */
export function shardOf(id: string): number {
  return createHash("sha256").update(id).digest().readUInt8(0) % SHARDS;
}

/** All shards of a stack, the empty ones too: its first tenant is then a change of a shard. */
export function toShards(tenants: readonly DeclaredTenant[]): Shard[] {
  const declared = new Map(tenants.map((tenant) => [tenant.id, tenant]));
  const members = Map.groupBy(tenants, ({ id }) => shardOf(id));
  const leaving = Map.groupBy(
    tenants.filter(({ renamedFrom }) => renamedFrom !== undefined),
    ({ renamedFrom = "" }) => shardOf(renamedFrom),
  );
  return Array.from({ length: SHARDS }, (_, number): Shard => {
    const own = members.get(number) ?? [];
    const sources = sourcesOf(own, declared).filter(({ id }) => shardOf(id) !== number);
    const renamed = leaving.get(number) ?? [];
    return {
      number,
      tenants: byId(own),
      ...(sources.length > 0 && { sources: byId(sources) }),
      ...(renamed.length > 0 && {
        renamed: Object.fromEntries(renamed.map(({ id, renamedFrom = "" }) => [renamedFrom, id])),
      }),
    };
  });
}

const byId = (tenants: readonly DeclaredTenant[]): Record<string, ShardTenant> =>
  Object.fromEntries(tenants.map(({ id, ...rest }) => [id, rest]));

/** The declared tenants that some tenants are cloned from, at whatever remove. */
function sourcesOf(
  tenants: readonly DeclaredTenant[],
  declared: ReadonlyMap<string, DeclaredTenant>,
): DeclaredTenant[] {
  const sources = new Map<string, DeclaredTenant>();
  for (const tenant of tenants)
    for (
      let at = sourceOf(tenant, declared);
      at && !sources.has(at.id);
      at = sourceOf(at, declared)
    )
      sources.set(at.id, at);
  return [...sources.values()];
}

const sourceOf = (
  { clone }: DeclaredTenant,
  declared: ReadonlyMap<string, DeclaredTenant>,
): DeclaredTenant | undefined => declared.get(clone?.from ?? "");
