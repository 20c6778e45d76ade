import fc from "fast-check";
import { expect, test } from "vitest";
import { canariesOf, DEFAULT_POLICY, planFleet } from "../../src/core/fleet-plan.ts";
import type { FleetMember, MigrationPolicy } from "../../src/core/fleet-plan.ts";

const member = (id: string, more: Partial<FleetMember> = {}): FleetMember => ({
  id,
  follows: true,
  behind: true,
  failed: false,
  ...more,
});
const policy = (more: Partial<MigrationPolicy>): MigrationPolicy => ({
  ...DEFAULT_POLICY,
  ...more,
});

test("the canaries come first, and none of them may fail", () => {
  const fleet = ["a", "b", "c", "d", "e"].map((id) => member(id));
  expect(planFleet(fleet, policy({ canary: ["d", "gone"], maxFailures: 2, wave: 3 }))).toEqual([
    { isCanary: true, tenants: ["d"], mayFail: 0 },
    { isCanary: false, tenants: ["a", "b", "c"], mayFail: 2 },
    { isCanary: false, tenants: ["e"], mayFail: 2 },
  ]);
  expect(planFleet(fleet, DEFAULT_POLICY)).toEqual([
    { isCanary: false, tenants: ["a", "b", "c", "d", "e"], mayFail: Infinity },
  ]);
  expect(planFleet([], policy({ canary: "5%" }))).toEqual([]);
});

test("who failed before comes last, and who is up to date not at all", () => {
  const fleet = [member("a", { failed: true }), member("b", { behind: false }), member("c")];
  expect(planFleet(fleet, DEFAULT_POLICY).map(({ tenants }) => tenants)).toEqual([["c", "a"]]);
  // A canary that failed is still the first.
  expect(planFleet(fleet, policy({ canary: ["a"] })).map(({ tenants }) => tenants)).toEqual([
    ["a"],
    ["c"],
  ]);
});

test("shares are of the whole fleet: a canary at least, and failures rounded down", () => {
  const fleet = Array.from({ length: 250 }, (_, index) => member(`t_${index}`));
  const stages = planFleet(fleet, policy({ canary: "1%", maxFailures: "1%" }));
  expect(stages[0]).toMatchObject({ isCanary: true, mayFail: 0 });
  expect(stages[0]?.tenants).toHaveLength(3);
  expect(stages.slice(1).map(({ mayFail }) => mayFail)).toEqual([2, 2, 2]);
  expect(canariesOf([member("a")], "1%")).toEqual(new Set(["a"]));
  expect(canariesOf(fleet, "100%").size).toBe(250);
});

test("a share never picks a tenant that is held below the newest", () => {
  const fleet = ["a", "b", "c", "d"].map((id) => member(id, { follows: id === "c" }));
  expect(canariesOf(fleet, "25%")).toEqual(new Set(["c"]));
});

const fleets = fc.uniqueArray(
  fc.record({
    id: fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/),
    follows: fc.boolean(),
    behind: fc.boolean(),
    failed: fc.boolean(),
  }),
  { selector: ({ id }) => id, maxLength: 40 },
);
const policies = fc.record({
  canary: fc.oneof(
    fc.array(fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/)),
    fc.integer({ min: 1, max: 100 }).map((share) => `${share}%` as const),
  ),
  wave: fc.integer({ min: 1, max: 20 }),
});

test("each tenant that is behind is in exactly one stage, canaries in the first", () => {
  fc.assert(
    fc.property(fleets, policies, (fleet, plan) => {
      const stages = planFleet(fleet, plan);
      const behind = fleet.filter((one) => one.behind).map(({ id }) => id);
      expect(stages.flatMap(({ tenants }) => tenants).toSorted()).toEqual(behind.toSorted());
      const canaries = canariesOf(fleet, plan.canary);
      for (const { isCanary, tenants } of stages)
        expect(tenants.every((id) => canaries.has(id) === isCanary)).toBe(true);
      expect(stages.slice(1).some(({ isCanary }) => isCanary)).toBe(false);
    }),
  );
});

test("a share picks the same canaries when others come, but for those they displace", () => {
  fc.assert(
    fc.property(fleets, fc.integer({ min: 1, max: 100 }), (fleet, share) => {
      const all = fleet.map((one) => ({ ...one, follows: true }));
      const before = canariesOf(all.slice(0, -1), `${share}%`);
      const after = canariesOf(all, `${share}%`);
      expect([...after].filter((id) => !before.has(id)).length).toBeLessThanOrEqual(1);
    }),
  );
});
