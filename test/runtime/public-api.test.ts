import { expect, test } from "vitest";

test.each([
  [
    "tenantry/runtime",
    [
      "TenantryError",
      "createTenantPool",
      "currentPartition",
      "currentTenant",
      "currentTransaction",
      "requestTenant",
      "tenantGuard",
      "tenantQuery",
    ],
  ],
  ["tenantry/runtime/kysely", ["tenantKysely"]],
  ["tenantry/runtime/drizzle", ["tenantDrizzle"]],
  ["tenantry/runtime/opentelemetry", ["observeScopes"]],
  ["tenantry/runtime/express", ["tenantGuard"]],
  ["tenantry/runtime/fastify", ["tenantGuard"]],
  ["tenantry/runtime/hono", ["tenantGuard"]],
])("%s gives exactly its exports", async (entry, names) => {
  expect(Object.keys((await import(entry)) as object).toSorted()).toEqual(names.toSorted());
});
