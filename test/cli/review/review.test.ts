import fc from "fast-check";
import { expect, test } from "vitest";
import type { Step } from "../../../src/core/engine-event.ts";
import { planDigest } from "../../../src/cli/review/plan-digest.ts";
import { reviewOf } from "../../../src/cli/review/review.ts";
import { UNKNOWN } from "../../../src/protocol/values.ts";
import { begins, stepOf, tenantSteps } from "../../support/engine-events.ts";

const kinds = (...steps: readonly Step[]): string[] =>
  reviewOf(steps.map(begins)).changes.map(({ kind, name }) => `${kind} ${name}`.trimEnd());

const TENANT = "tenantry:index:Tenant";
const became = (id: string, field: string, value: unknown, protect = true): Step =>
  stepOf("update", TENANT, {
    name: id,
    old: { inputs: { spec: { id } }, protect: true },
    new: { inputs: { spec: { id, [field]: value } }, protect },
    detailedDiff: { [`spec.${field}`]: { diffKind: "update", inputDiff: true } },
  });

const changed = (type: string, property: string): Step =>
  stepOf("update", type, { old: {}, new: {}, diffs: [property] });

test("each change has its kind, dangers first", () => {
  expect(
    kinds(
      tenantSteps.create("new"),
      became("back", "state", "active"),
      became("other", "company", "B"),
      became("loose", "company", "B", false),
      became("held", "pin", 2),
      changed("tenantry:index:FleetMigrations", 'tenant["004_x.sql"]'),
      changed("tenantry:index:EmbeddedServer", "startDigest"),
      became("asleep", "state", "suspended"),
      became("leaving", "state", "retired", false),
      stepOf("same", TENANT, { name: "bare", old: { protect: true }, new: { protect: false } }),
      tenantSteps.remove("gone"),
      stepOf("replace", "postgresql:index/database:Database", {
        old: { inputs: { name: "nostromo" } },
        new: { inputs: { name: "nostromo" } },
      }),
      tenantSteps.same("still"),
    ),
  ).toEqual([
    "replaced nostromo",
    "removed gone",
    "unprotected bare",
    "unprotected loose",
    "retired leaving",
    "suspended asleep",
    "restarted PostgreSQL 16",
    "migrated",
    "migrated held",
    "changed other",
    "reactivated back",
    "added new",
  ]);
});

test("a change of a password lets no migration run", () => {
  const central = (property: string): Step =>
    stepOf("update", "tenantry:index:Migrations", {
      old: { inputs: { area: "central" } },
      new: { inputs: { area: "central" } },
      detailedDiff: { [property]: { diffKind: "update", inputDiff: true } },
    });
  expect(kinds(central("rotations.nostromo_app.generation"))).toEqual(["changed central"]);
  expect(kinds(central('files["006_x.sql"]'))).toEqual(["migrated central"]);
});

test("another container is a restart, and nothing that is lost", () => {
  const inputs = { name: "tenantry-prod" };
  const replaced = (property: string): Step =>
    stepOf("replace", "docker:index/container:Container", {
      old: { inputs: { ...inputs, [property]: "a" } },
      new: { inputs: { ...inputs, [property]: "b" } },
      detailedDiff: { [property]: { diffKind: "update-replace", inputDiff: true } },
    });
  for (const [property, detail] of [
    ["labels", "restarts: settings that need it changed"],
    ["image", "restarts: another image"],
    ["shmSize", 'shmSize "a" => "b"'],
  ] as const) {
    const step = replaced(property);
    expect(reviewOf([begins(step)]).changes).toMatchObject([{ kind: "restarted", detail }]);
    expect(planDigest([step])).not.toBe(planDigest([{ ...step, op: "update" }]));
  }
  expect(kinds(changed("docker:index/container:Container", "memory"))).toEqual([
    "changed PostgreSQL 16",
  ]);
});

const inputsOf = (inputs: Readonly<Record<string, unknown>>): string =>
  planDigest([stepOf("create", "a:b:C", { new: { inputs } })]);

test("a digest is of what is done, not of how an engine tells it", () => {
  const steps = ["a", "b", "c"].map((id) => tenantSteps.create(id));
  expect(planDigest(steps)).toMatch(/^[0-9a-f]{64}$/);
  expect(planDigest(steps.toReversed())).toBe(planDigest(steps));
  expect(planDigest([...steps, tenantSteps.same("d")])).toBe(planDigest(steps));
  expect(inputsOf({ a: 1, b: { c: 2, d: UNKNOWN } })).toBe(
    inputsOf({ __defaults: [], b: { d: UNKNOWN, c: 2 }, a: 1 }),
  );
});

test("a digest differs with every thing that is done", () => {
  const plans = [
    [],
    [tenantSteps.create("a")],
    [tenantSteps.create("b")],
    [tenantSteps.create("a"), tenantSteps.create("b")],
    [tenantSteps.create("a", { pin: 1 })],
    [tenantSteps.remove("a")],
    [tenantSteps.remove("a", { protect: true })],
    [tenantSteps.rename("a", "x", "y")],
    [tenantSteps.rename("a", "x", "z")],
    [became("a", "company", "y", true)],
    [became("a", "company", "y", false)],
    [stepOf("same", TENANT, { name: "a", old: { protect: true }, new: {} })],
  ];
  expect(new Set(plans.map(planDigest)).size).toBe(plans.length);
});

test("different inputs have different digests", () => {
  const inputs = fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.jsonValue());
  fc.assert(
    fc.property(inputs, inputs, (one, other) => {
      const canonical = (value: object): string =>
        JSON.stringify(value, (_, inner: unknown) =>
          typeof inner === "object" && inner !== null && !Array.isArray(inner)
            ? Object.entries(inner)
                .filter(([key]) => !key.startsWith("__"))
                .sort(([a], [b]) => (a < b ? -1 : 1))
            : inner,
        );
      expect(inputsOf(one) === inputsOf(other)).toBe(canonical(one) === canonical(other));
    }),
  );
});
