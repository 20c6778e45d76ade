import { expect, test } from "vitest";
import type { Step } from "../../../src/core/engine-event.ts";
import { planLines } from "../../../src/cli/render/plan-lines.ts";
import { planOf } from "../../../src/cli/render/plan.ts";
import { begins, ends, stepOf, tenantSteps } from "../../support/engine-events.ts";

const shown = (steps: readonly Step[], full = false): string[] =>
  planLines(planOf(steps.map(begins)), 80, full).map(({ text }) => text);

const fleetMigrations = stepOf("same", "tenantry:index:FleetMigrations", {
  new: {
    inputs: { tenant: { "001_employees.sql": "a", "003_payroll.sql": "c", "002_x.sql": "b" } },
  },
});

test("a plan is told in tenants' words", () => {
  expect(
    shown([
      fleetMigrations,
      tenantSteps.create("empresa_900"),
      tenantSteps.rename("empresa_456", "Comercial 456 Ltda.", "Comercial 456 SpA"),
      tenantSteps.same("empresa_123"),
    ]),
  ).toEqual([
    "  + tenant empresa_900   schema tenant_empresa_900, migrations 1-3",
    '  ~ tenant empresa_456   company "Comercial 456 Ltda." => "Comercial 456 SpA"',
    "  1 to create, 1 to change, 2 unchanged     nothing is dropped",
  ]);
});

test("what is lost comes first, and in another tone", () => {
  const plan = planOf([tenantSteps.create("b"), tenantSteps.remove("a")].map(begins));
  expect(planLines(plan, 80)).toEqual([
    { tone: "remove", text: "  - tenant a   drops schema tenant_a and what is in it" },
    { tone: "add", text: "  + tenant b   schema tenant_b" },
    { tone: "remove", text: "  1 to REMOVE, 1 to create" },
  ]);
});

test("thousands of tenants are counted, those that differ are named", () => {
  const many = Array.from({ length: 1000 }, (_, index) => tenantSteps.create(`t${1000 + index}`));
  expect(shown([...many, tenantSteps.create("old", { state: "retired", pin: 2 })])).toEqual([
    "  + 1,000 tenants   t1000, t1001, t1002, ..., t1999",
    "  + tenant old      schema tenant_old, migrations 1-2, pinned there, retired",
    "  1,001 to create     nothing is dropped",
  ]);
  expect(shown(many, true)).toHaveLength(1001);
});

test("of a thousand that change, old and new stand there once, and who changes otherwise is named", () => {
  const many = Array.from({ length: 1000 }, (_, index) =>
    tenantSteps.change(`t${1000 + index}`, { state: ["active", "suspended"] }),
  );
  const others = [
    tenantSteps.change("x1", { company: ["Old", "New"] }),
    tenantSteps.change("x2", { state: ["active", "suspended"], pin: [2, 3] }),
  ];
  expect(shown([...many, ...others])).toEqual([
    '  ~ 1,000 tenants   state "active" => "suspended": t1000, t1001, t1002, ...,',
    "                    t1999",
    '  ~ tenant x1       company "Old" => "New"',
    '  ~ tenant x2       state "active" => "suspended", pin 2 => 3',
    "  1,002 to change     nothing is dropped",
  ]);
});

test("of a thousand that change from and to different values, what of them changes stands there", () => {
  const many = Array.from({ length: 1000 }, (_, index) =>
    tenantSteps.rename(`t${1000 + index}`, `Old ${index}`, `New ${index}`),
  );
  expect(shown(many)).toEqual([
    "  ~ 1,000 tenants   company: t1000, t1001, t1002, ..., t1999",
    "  1,000 to change     nothing is dropped",
  ]);
});

test("no line of a plan of a thousand, whatever happens to them, is wider than 80 columns", () => {
  const id = (index: number): string => `a_tenant_with_a_name_as_long_as_it_may_be_at_mos${index}`;
  const steps = Array.from(
    { length: 1000 },
    (_, index) =>
      [
        tenantSteps.create(id(index)),
        tenantSteps.rename(id(index), "x".repeat(200), "y".repeat(200)),
        tenantSteps.remove(id(index)),
        tenantSteps.create(id(index), { state: "retired", pin: index }),
      ][index % 4]!,
  );
  const lines = shown(steps);
  expect(lines.length).toBeLessThan(70);
  for (const text of lines) expect(text.length, text).toBeLessThanOrEqual(80);
});

test("the stack, its components and its providers are not told of", () => {
  const hidden = [
    stepOf("create", "pulumi:pulumi:Stack", { new: { custom: false } }),
    stepOf("create", "tenantry:index:Fleet", { new: { custom: false } }),
    stepOf("create", "pulumi:providers:tenantry", { new: {} }),
  ];
  expect(shown(hidden)).toEqual(["  nothing declared     nothing is dropped"]);
});

test("settings, the server's state, secrets and migrations have words of their own", () => {
  const both = (old: object, next: object) => ({
    old: { inputs: { ...old } },
    new: { inputs: { ...next } },
  });
  expect(
    shown([
      stepOf("update", "tenantry:index:ConfigFiles", {
        ...both(
          { parameters: { shared_buffers: "128MB" } },
          { parameters: { shared_buffers: "256MB", work_mem: "4MB" } },
        ),
        detailedDiff: {
          "parameters.shared_buffers": { diffKind: "update", inputDiff: true },
          "parameters.work_mem": { diffKind: "add", inputDiff: true },
        },
      }),
      stepOf("update", "tenantry:index:EmbeddedServer", {
        ...both({}, {}),
        detailedDiff: { running: { diffKind: "update", inputDiff: false } },
      }),
      stepOf("update", "tenantry:index:Credential", {
        ...both({ role: "nostromo_user", generation: 1 }, { role: "nostromo_user", generation: 2 }),
        detailedDiff: { generation: { diffKind: "update", inputDiff: true } },
      }),
      stepOf("update", "tenantry:index:Migrations", {
        ...both({ area: "central" }, { area: "central" }),
        detailedDiff: { 'files["003_more.sql"]': { diffKind: "add", inputDiff: true } },
      }),
      stepOf("update", "tenantry:index:Migrations", {
        name: "migrations-later",
        ...both({ area: "central" }, { area: "central" }),
        detailedDiff: {
          "rotations.nostromo_app.generation": { diffKind: "update", inputDiff: true },
          "rotations.nostromo_app.overlap": { diffKind: "update", inputDiff: true },
        },
      }),
      stepOf("update", "tenantry:index:Migrations", {
        name: "migrations-taken-over",
        ...both({ area: "central" }, { area: "central" }),
        detailedDiff: { rotations: { diffKind: "add", inputDiff: true } },
      }),
      stepOf("update", "postgresql:index/role:Role", {
        ...both(
          { name: "nostromo_app", password: "[secret]" },
          { name: "nostromo_app", password: "[secret]" },
        ),
        diffs: ["password"],
      }),
    ]),
  ).toEqual([
    '  ~ server settings          shared_buffers "128MB" => "256MB", work_mem nothing',
    '                             => "4MB"',
    "  ~ server PostgreSQL 16     stopped => running",
    "  ~ password nostromo_user   a new one",
    "  ~ role nostromo_app        password (secret) => (secret)",
    "  ~ migrations central       logs the change of nostromo_app",
    "  ~ migrations central       logs changes of passwords",
    "  ~ migrations central       runs 003_more.sql",
    "  7 to change     nothing is dropped",
  ]);
});

test("the steps of an overlap of passwords are told in words", () => {
  const inputs = (old: object, next: object) => ({
    old: { inputs: { ...old } },
    new: { inputs: { ...next } },
  });
  const update = { diffKind: "update", inputDiff: true } as const;
  const change = (old: object, next: object, ...paths: string[]): Step =>
    stepOf("update", "tenantry:index:Credential", {
      ...inputs({ role: "nostromo_user", ...old }, { role: "nostromo_user", ...next }),
      detailedDiff: Object.fromEntries(
        paths.map((path) => {
          const [kind, name = ""] = path.split(" ");
          return [name, { ...update, diffKind: kind as "update" }];
        }),
      ),
    });
  const login = (value: boolean): Step =>
    stepOf("update", "postgresql:index/role:Role", {
      ...inputs({ name: "nostromo_user", login: !value }, { name: "nostromo_user", login: value }),
      detailedDiff: { login: update },
    });
  const overlap = (generation: number, confirmed?: number) => ({
    overlap: { generation, confirmed },
  });
  const row = (step: Step): string | undefined => shown([step])[0];
  expect([
    row(change({ generation: 1 }, overlap(2), "delete generation", "add overlap")),
    row(change(overlap(2), overlap(2, 2), "add overlap.confirmed")),
    row(change(overlap(2, 2), overlap(3, 2), "update overlap.generation")),
    row(change(overlap(3, 3), { generation: 4 }, "add generation", "delete overlap")),
    row(login(false)),
    row(login(true)),
  ]).toEqual([
    "  ~ password nostromo_user   stays until a new one is confirmed",
    "  ~ password nostromo_user   generation 2 is confirmed",
    "  ~ password nostromo_user   the newest is generation 3",
    "  ~ password nostromo_user   a new one, ends the overlap",
    "  ~ role nostromo_user   may no longer log in",
    "  ~ role nostromo_user   may log in",
  ]);
});

test("a replacement is told once, with what it loses", () => {
  const role = (op: Step["op"]): Step =>
    stepOf(op, "postgresql:index/database:Database", {
      old: { inputs: { name: "a" } },
      new: { inputs: { name: "b" } },
      diffs: ["name"],
    });
  expect(shown([role("create-replacement"), role("replace"), role("delete-replaced")])).toEqual([
    '  ± database b   name "a" => "b"',
    "  1 to REPLACE",
  ]);
});

test("a refresh tells what it found at the end of each step", () => {
  const found = tenantSteps.rename("a", "Old", "New");
  const events = [begins({ ...found, op: "refresh" }), ends(found)];
  expect(planOf(events).items.map(({ change }) => change)).toEqual(["change"]);
  expect(planOf(events.slice(0, 1)).items.map(({ change }) => change)).toEqual(["same"]);
});

test("what only the state would keep is noticed: protection and outputs", () => {
  const tenant = tenantSteps.same("a");
  const unprotected = { ...tenant, old: { ...tenant.old!, protect: true } };
  expect(planOf([begins(tenant)]).stateOnly).toBe(false);
  expect(planOf([begins(unprotected)]).stateOnly).toBe(true);
  expect(shown([unprotected])[0]).toContain("the state");
  const outputs = stepOf("same", "pulumi:pulumi:Stack", {
    old: { outputs: { tenantCount: 3 } },
    new: { outputs: { tenantCount: 4 } },
  });
  expect(planOf([ends(outputs)]).stateOnly).toBe(true);
});
