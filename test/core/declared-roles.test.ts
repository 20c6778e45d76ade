import { expect, it } from "vitest";
import { declaredRoles } from "../../src/core/declared-roles.ts";
import { DEFAULT_ROLES, platformRoles } from "../../src/core/roles.ts";

it("is the platform's roles, unless the settings say more", () => {
  expect(declaredRoles(DEFAULT_ROLES)).toEqual(platformRoles(DEFAULT_ROLES));
});

it("has a member for each login that is open, and closes the role's own when it is confirmed", () => {
  const app = { generation: 2, overlap: true, confirmed: 2 };
  const found = declaredRoles(DEFAULT_ROLES, { logins: { app }, without: ["pg_monitor"] });
  const named = (name: string) => found.find((role) => role.name === name);
  expect(named("nostromo_app")).toMatchObject({ login: false, memberOf: [] });
  expect(named("nostromo_app_a")).toMatchObject({ login: false, memberOf: ["nostromo_app"] });
  expect(named("nostromo_app_b")).toMatchObject({ login: true, memberOf: ["nostromo_app"] });
  expect(named("nostromo_user")).toMatchObject({ login: true });
  expect(named("nostromo_monitor")).toMatchObject({ memberOf: [] });
});
