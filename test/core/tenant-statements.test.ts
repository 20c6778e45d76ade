import { describe, expect, it } from "vitest";
import { DEFAULT_ROLES } from "../../src/core/roles.ts";
import { convergeRights, createSchema } from "../../src/core/tenant-statements.ts";
import type { TenantSpec } from "../../src/core/tenant.ts";

const owner = { key: "x", stack: "p/dev", roles: DEFAULT_ROLES };
const mark = "tenantry: tenant x of stack p/dev";
const spec = (more: Partial<TenantSpec> = {}): TenantSpec => ({
  id: "x",
  company: "X",
  state: "active",
  isolation: "shared",
  ...more,
});

describe("createSchema", () => {
  it("gives the application's role what it needs and no more", () => {
    expect(createSchema(spec(), owner, null)).toEqual([
      'create schema "tenant_x"',
      `comment on schema "tenant_x" is '${mark}'`,
      'alter default privileges for role "nostromo_owner" in schema "tenant_x" grant select, insert, update, delete on tables to "nostromo_user"',
      'alter default privileges for role "nostromo_owner" in schema "tenant_x" grant usage, select on sequences to "nostromo_user"',
      'grant usage on schema "tenant_x" to "nostromo_user"',
    ]);
  });

  it("lets nobody into a tenant that is not active", () => {
    for (const state of ["suspended", "retired"] as const)
      expect(createSchema(spec({ state }), owner, null).join("\n")).not.toContain(
        "grant usage on schema",
      );
  });

  it("gives a strict tenant a role that the application has to take", () => {
    const statements = createSchema(spec({ isolation: "strict" }), owner, null);
    expect(statements.slice(0, 6)).toEqual([
      "set local role none",
      'create role "tenant_x" nologin',
      `comment on role "tenant_x" is '${mark}'`,
      'grant "nostromo_user_tenants" to "tenant_x"',
      'grant "tenant_x" to "nostromo_user_strict" with inherit false, set true',
      'set local role "nostromo_owner"',
    ]);
    expect(statements.slice(6).join("\n")).not.toContain('to "nostromo_user"');
  });

  it("takes only a role with our mark for the tenant's", () => {
    const strict = spec({ isolation: "strict" });
    expect(createSchema(strict, owner, { comment: mark })).not.toContain(
      'create role "tenant_x" nologin',
    );
    for (const comment of [null, "tenantry: tenant x of stack p/prod"])
      expect(() => createSchema(strict, owner, { comment })).toThrow("TNT-414");
  });
});

describe("convergeRights", () => {
  const current = {
    role: null,
    schemaOwner: DEFAULT_ROLES.owner,
    grantees: ["nostromo_user"],
    memberships: [],
    strangers: [],
  };

  it("takes every right that somebody has, to give again those that are declared", () => {
    const statements = convergeRights(spec(), owner, {
      ...current,
      grantees: ["nostromo_user", "public", 'o"x'],
    });
    const revoked = statements.filter((text) => text.startsWith("revoke all on schema"));
    expect(revoked).toEqual([
      'revoke all on schema "tenant_x" from "nostromo_user"',
      'revoke all on schema "tenant_x" from public',
      'revoke all on schema "tenant_x" from "o""x"',
    ]);
  });

  it("opens or closes the schema by the state", () => {
    const usage = (state: TenantSpec["state"]) =>
      convergeRights(spec({ state }), owner, current).filter((text) =>
        text.includes("usage on schema"),
      );
    expect(usage("active")).toEqual(['grant usage on schema "tenant_x" to "nostromo_user"']);
    for (const state of ["suspended", "retired"] as const)
      expect(usage(state)).toEqual(['revoke usage on schema "tenant_x" from "nostromo_user"']);
  });

  it("drops the role of a tenant that is no longer strict, but only ours", () => {
    const dropped = (comment: string | null) =>
      convergeRights(spec(), owner, { ...current, role: { comment } }).includes(
        'drop role "tenant_x"',
      );
    expect(dropped(mark)).toBe(true);
    expect(dropped("another's")).toBe(false);
  });
});
