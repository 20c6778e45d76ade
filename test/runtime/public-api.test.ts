import { expect, test } from "vitest";

test.each([
  [
    "tenantry/runtime",
    ["TenantryError", "createTenantPool", "currentTenant", "currentTransaction", "tenantQuery"],
  ],
  ["tenantry/runtime/kysely", ["tenantKysely"]],
  ["tenantry/runtime/drizzle", ["tenantDrizzle"]],
])("%s gives exactly its exports", async (entry, names) => {
  expect(Object.keys((await import(entry)) as object).toSorted()).toEqual(names.toSorted());
});
