import { expect, test } from "vitest";
import type { StepState } from "../../../src/core/engine-event.ts";
import { refuseProtected } from "../../../src/cli/refuse-protected.ts";
import { planLines } from "../../../src/cli/render/plan-lines.ts";
import { planOf } from "../../../src/cli/render/plan.ts";
import { Progress } from "../../../src/cli/render/progress.ts";
import { reviewOf } from "../../../src/cli/review/review.ts";
import { begins, ends, stepOf, tenantSteps } from "../../support/engine-events.ts";

const SHARD = "tenantry:index:TenantShard";

const tenant = (more: object = {}) => ({
  ...{ company: "A", state: "active", isolation: "shared", ...more },
});
type Tenants = Readonly<Record<string, object>>;

/** One side of a shard's step: what is declared, and what is recorded, the same unless told otherwise. */
const side = (tenants: Tenants, more: Partial<StepState> & { renamed?: object } = {}) => {
  const { renamed, ...state } = more;
  return {
    inputs: { number: 1, tenants, ...(renamed && { renamed }) },
    outputs: { number: 1, tenants },
    protect: true,
    ...state,
  };
};
const update = (old: Tenants, next: Tenants, name = "shard-1") =>
  stepOf("update", SHARD, { name, old: side(old), new: { ...side(next), outputs: {} } });
const lines = (...steps: Parameters<typeof ends>[0][]): string[] =>
  planLines(planOf(steps.map(ends)), 100).map(({ text }) => text.trim().replaceAll(/ +/g, " "));
const stack = {
  name: "prod",
  file: "stacks/Pulumi.prod.yaml",
  settings: { layout: "shards" },
} as const;

test("a plan names the tenants of a shard as if each were a resource", () => {
  const old = { a: tenant(), b: tenant({ state: "retired" }), c: tenant() };
  const next = { a: tenant({ company: "B" }), c: tenant(), d: tenant() };
  const steps = [
    update(old, next),
    stepOf("same", SHARD, { name: "shard-2", old: side({}), new: side({}) }),
  ];
  expect(lines(...steps)).toEqual([
    "- tenant b drops schema tenant_b and what is in it",
    "+ tenant d schema tenant_d",
    '~ tenant a company "A" => "B"',
    "1 to REMOVE, 1 to create, 1 to change, 1 unchanged",
  ]);
  const { changes, unchanged } = reviewOf(steps.map(ends));
  expect(changes.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    "removed b",
    "changed a",
    "added d",
  ]);
  expect(unchanged).toBe(1);
});

test("a digest is of the tenants, whichever shard's step comes first", () => {
  const one = update({ a: tenant() }, { a: tenant({ state: "retired" }) });
  const two = update({}, { z: tenant() }, "shard-2");
  const { digest } = reviewOf([one, two].map(ends));
  expect(reviewOf([two, one].map(ends)).digest).toBe(digest);
  const other = update({ a: tenant() }, { a: tenant({ state: "suspended" }) });
  expect(reviewOf([other, two].map(ends)).digest).not.toBe(digest);
});

test("a tenant that is not retired is protected in its shard", () => {
  const step = update({ a: tenant(), b: tenant({ state: "retired" }) }, {});
  expect(() => {
    refuseProtected(planOf([begins(step)]), stack, "up");
  }).toThrow(/The tenant a is no longer in stacks\/Pulumi.prod.yaml.*TNT-605/);
  refuseProtected(planOf([begins(update({ b: tenant({ state: "retired" }) }, {}))]), stack, "up");
});

test("another id is one change, in one shard or two", () => {
  const renamed = { n: tenant({ renamedFrom: "a" }) };
  const giver = stepOf("update", SHARD, {
    name: "shard-1",
    old: side({ a: tenant() }),
    new: { ...side({}, { renamed: { a: "n" } }), outputs: {} },
  });
  const expected = ['~ tenant n id "a" => "n"', "1 to change nothing is dropped"];
  expect(lines(giver, update({}, renamed, "shard-2"))).toEqual(expected);
  expect(lines(update({ a: tenant() }, renamed))).toEqual(expected);
});

test("what a refresh found is told of the tenant", () => {
  const found = { a: tenant({ drift: ["missing right: x"] }) };
  const step = stepOf("update", SHARD, {
    old: side({ a: tenant(), b: tenant() }),
    new: side(found),
  });
  expect(lines(step)).toEqual([
    "- tenant b drops schema tenant_b and what is in it",
    '~ tenant a drift nothing => ["missing right: x"]',
    "1 to REMOVE, 1 to change",
  ]);
});

test("from one layout to the other, each tenant is one change", () => {
  const made = stepOf("create", SHARD, {
    new: { ...side({ a: tenant({ company: "a" }) }), outputs: {} },
  });
  const to = [made, tenantSteps.remove("a")];
  const moved = ['~ tenant a layout "tenants" => "shards"', "1 to change nothing is dropped"];
  expect(lines(...to)).toEqual(moved);
  refuseProtected(planOf(to.map(ends)), stack, "up");
  const unprepared = [made, tenantSteps.remove("a", { protect: true })];
  expect(() => {
    refuseProtected(planOf(unprepared.map(ends)), stack, "up");
  }).toThrow(
    /layout: shards.*declare a until now are protected.*npx tenantry layout shards.*TNT-461/,
  );

  const gone = (protect: boolean) =>
    stepOf("delete", SHARD, {
      old: side({ a: tenant({ company: "a", state: "retired" }) }, { protect }),
    });
  const back = tenantSteps.create("a", { state: "retired" });
  expect(lines(gone(false), back)).toEqual([
    '~ tenant a layout "shards" => "tenants"',
    "1 to change nothing is dropped",
  ]);
  expect(() => {
    refuseProtected(planOf([gone(true), back].map(ends)), stack, "up");
  }).toThrow(/TNT-461/);
  // Each of the two resources has its part in it, and a person is told once.
  const progress = new Progress(planOf(to.map(ends)), 0);
  const told = to.flatMap((step) => progress.observe(ends(step), 0)).map(({ text }) => text.trim());
  expect(told.map((text) => text.split("  ")[0])).toEqual(["~ tenant a"]);
  // Where a run was cut off, one of both may be as it was.
  expect(lines(gone(false), tenantSteps.same("a"))[0]).toContain('layout "shards" => "tenants"');
});

test("progress counts tenants, and what a failed shard has done", () => {
  const next = { a: tenant(), b: tenant() };
  const step = update({}, next);
  const progress = new Progress(planOf([begins(step)]), 0);
  const done = stepOf("update", SHARD, { name: "shard-1", old: side({}), new: side(next) });
  const texts = progress.observe(ends(done), 1000).map(({ text }) => text.trim());
  expect(texts.map((text) => text.split("  ")[0])).toEqual(["+ tenant a", "+ tenant b"]);
  const half = stepOf("update", SHARD, { old: side({}), new: side({ a: tenant() }) });
  const failed = {
    sequence: 1,
    timestamp: 0,
    resOpFailedEvent: { metadata: half, status: 0, steps: 0 },
  };
  expect(planOf([begins(step), failed]).items.map(({ name }) => name)).toContain("a");
});
