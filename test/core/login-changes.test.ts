import { expect, test } from "vitest";
import { loginChanges } from "../../src/core/login-changes.ts";
import type { LoginChange, LoginRecord } from "../../src/core/login-changes.ts";
import type { Rotation } from "../../src/core/rotation.ts";

const once = { generation: 1, overlap: false };

/** What is told of one role after the other, each time on top of what was told before. */
function told(...rotations: readonly Rotation[]): LoginChange[] {
  const known = new Map<string, LoginRecord>();
  return rotations.flatMap((app, index) => {
    const changes = loginChanges(known, { app }, index === 0);
    for (const { after } of changes) known.set(after.role, after);
    return changes;
  });
}

test("each change of a role's logins is told once, from what was told before", () => {
  const two = { generation: 2, overlap: true };
  const confirmed = { ...two, confirmed: 2 };
  const three = { generation: 3, overlap: true, confirmed: 2 };
  const four = { generation: 4, overlap: false };
  const changes = told(once, once, two, two, confirmed, confirmed, three, three, four, four);
  expect(changes.map(({ action, after }) => [action, after.login, after.generation])).toEqual([
    ["login.created", "app", 1],
    ["login.rotated", "app_b", 2],
    ["login.confirmed", "app_b", 2],
    ["login.rotated", "app_a", 3],
    ["login.rotated", "app", 4],
  ]);
  expect(changes.map(({ before }) => before)).toEqual([
    null,
    ...changes.slice(0, -1).map(({ after }) => after),
  ]);
  expect(changes[2]?.after).toEqual({ role: "app", login: "app_b", ...confirmed });
});

test("overlap that begins with the same generation is another login", () => {
  expect(told(once, { generation: 1, overlap: true })[1]).toMatchObject({
    action: "login.rotated",
    before: { login: "app" },
    after: { login: "app_a" },
  });
});

test("a database that is older than these records is not said to have got its logins now", () => {
  const declared = { app: { generation: 3, overlap: false }, user: once };
  expect(loginChanges(new Map(), declared, false).map(({ action }) => action)).toEqual([
    "login.recorded",
    "login.recorded",
  ]);
});

test("a role that comes later was made", () => {
  const known = new Map([["app", { role: "app", login: "app", ...once }]]);
  expect(loginChanges(known, { app: once, other: once }, false)).toEqual([
    {
      action: "login.created",
      before: null,
      after: { role: "other", login: "other", generation: 1, overlap: false },
    },
  ]);
});

test("a copied database brings the records of another server: nothing was changed there", () => {
  const known = new Map([["app", { role: "app", login: "app", generation: 5, overlap: false }]]);
  expect(loginChanges(known, { app: once }, false)).toMatchObject([{ action: "login.recorded" }]);
});
