import { expect, test } from "vitest";
import { SHARDS, shardOf, toShards } from "../../src/core/shard.ts";
import type { DeclaredTenant } from "../../src/core/tenant.ts";

const tenant = (id: string, more: Partial<DeclaredTenant> = {}): DeclaredTenant => ({
  ...{ id, company: id, state: "active", isolation: "shared", ...more },
});

test("a tenant's shard is the same for ever", () => {
  expect(SHARDS).toBe(128);
  const golden = { empresa_123: 86, empresa_456: 127, empresa_789: 66, a: 74, undefined: 107 };
  for (const [id, shard] of Object.entries(golden)) expect(shardOf(id), id).toBe(shard);
});

test("shards fill evenly", () => {
  const counts = toShards(Array.from({ length: 10_000 }, (_, number) => tenant(`t${number}`))).map(
    ({ tenants }) => Object.keys(tenants).length,
  );
  expect(counts).toHaveLength(SHARDS);
  expect(Math.min(...counts)).toBeGreaterThan(40);
  expect(Math.max(...counts)).toBeLessThan(120);
});

test("all shards are there, however few tenants are", () => {
  expect(toShards([])).toEqual(
    Array.from({ length: SHARDS }, (_, number) => ({ number, tenants: {} })),
  );
  const shards = toShards([tenant("empresa_123", { pin: 2 })]);
  expect(shards[shardOf("empresa_123")]?.tenants).toEqual({
    empresa_123: { company: "empresa_123", state: "active", isolation: "shared", pin: 2 },
  });
});

test("a shard knows which of its tenants another one takes over, under another id", () => {
  const shards = toShards([tenant("empresa_456", { renamedFrom: "empresa_123" })]);
  expect(shards[shardOf("empresa_123")]).toMatchObject({
    tenants: {},
    renamed: { empresa_123: "empresa_456" },
  });
  expect(shards[shardOf("empresa_456")]?.tenants).toMatchObject({
    empresa_456: { renamedFrom: "empresa_123" },
  });
});

test("a shard knows the tenants of others that its clones come from, at whatever remove", () => {
  const clone = (from: string) => ({ clone: { from, data: "full" } }) as const;
  const shards = toShards([
    tenant("empresa_123"),
    tenant("empresa_456", clone("empresa_123")),
    tenant("empresa_789", clone("empresa_456")),
    tenant("a", clone("elsewhere")),
  ]);
  expect(Object.keys(shards[shardOf("empresa_789")]?.sources ?? {})).toEqual([
    "empresa_456",
    "empresa_123",
  ]);
  expect(shards[shardOf("empresa_456")]?.sources).toEqual({
    empresa_123: { company: "empresa_123", state: "active", isolation: "shared" },
  });
  expect(shards[shardOf("a")]).not.toHaveProperty("sources");
});
