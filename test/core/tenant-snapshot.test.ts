import { describe, expect, it } from "vitest";
import { judgeTenant } from "../../src/core/tenant-snapshot.ts";
import type { TenantSnapshot } from "../../src/core/tenant-snapshot.ts";

const registry: NonNullable<TenantSnapshot["registry"]> = {
  id: "x",
  key: "old_x",
  schemaOid: "42",
  company: "X",
  state: "active",
  isolation: "shared",
  pin: null,
  version: 3,
  stack: "p/dev",
  clone: null,
  retiredAt: null,
  managedBy: "stack",
};
const schema = { oid: "42", owner: "owner", comment: "tenantry: tenant old_x of stack p/dev" };
const snapshot = (more: Partial<TenantSnapshot> = {}): TenantSnapshot => ({
  knownDatabase: "1/2",
  thisDatabase: "1/2",
  databaseName: "nostromo",
  registry,
  schema,
  role: null,
  migrations: [],
  sharedTables: [],
  ...more,
});

describe("judgeTenant", () => {
  it.each([
    ["present", {}],
    ["lost", { schema: null }],
    ["absent", { schema: null, registry: null }],
    ["present", { knownDatabase: null }],
  ] as const)("finds it %s for %j", (is, more) => {
    expect(judgeTenant("x", "p/dev", snapshot(more)).is).toBe(is);
  });

  it.each([
    ["TNT-405", { thisDatabase: "1/3" }],
    ["TNT-406", { registry: null }],
    ["TNT-406", { schema: { ...schema, oid: "43" } }],
    ["TNT-406", { schema: { ...schema, comment: null } }],
    ["TNT-406", { schema: { ...schema, comment: "tenantry: tenant x of stack p/dev" } }],
    ["TNT-407", { registry: { ...registry, stack: "p/prod" } }],
    ["TNT-407", { registry: { ...registry, stack: "p/prod" }, schema: null }],
    ["TNT-405", { thisDatabase: "1/3", registry: null, schema: null }],
  ] as const)("refuses with %s for %j", (code, more) => {
    expect(() => judgeTenant("x", "p/dev", snapshot(more))).toThrow(code);
  });
});
