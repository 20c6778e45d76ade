import { expect, test } from "vitest";
import { planOf } from "../../../src/cli/render/plan.ts";
import { NOTHING_PLANNED } from "../../../src/cli/run-engine.ts";
import { noteLines, Progress } from "../../../src/cli/render/progress.ts";
import type { Step } from "../../../src/core/engine-event.ts";
import { begins, ends, eventOf, says, tenantSteps } from "../../support/engine-events.ts";

const progressOf = (steps: readonly Step[]): Progress => new Progress(planOf(steps.map(begins)), 0);

test("each finished change has its line, with how long it took", () => {
  const step = tenantSteps.create("a");
  const progress = progressOf([step]);
  expect(progress.observe(begins(step), 1000)).toEqual([]);
  expect(progress.status(1500, 80)).toBe("  0/1  tenant a  1.5 s");
  expect(progress.observe(ends(step), 2200)).toEqual([
    { tone: "add", text: "  + tenant a  1.2 s" },
  ]);
  expect(progress.status(61_000, 80)).toBe("  1/1  61 s");
});

test("what does not change has none", () => {
  const step = tenantSteps.same("a");
  const progress = progressOf([step]);
  expect([...progress.observe(begins(step), 0), ...progress.observe(ends(step), 1)]).toEqual([]);
});

test("of thousands, every hundredth and the last are told", () => {
  const steps = Array.from({ length: 250 }, (_, index) => tenantSteps.create(`t${index}`));
  const progress = progressOf(steps);
  const lines = steps.flatMap((step) => [
    ...progress.observe(begins(step), 0),
    ...progress.observe(ends(step), 1),
  ]);
  expect(lines.map(({ text }) => text)).toEqual([
    "  + 100/250 tenants  0.0 s",
    "  + 200/250 tenants  0.0 s",
    "  + 250 tenants  0.0 s",
  ]);
});

test("without a plan, the first are named and then every hundredth is told", () => {
  const steps = Array.from({ length: 250 }, (_, index) => tenantSteps.create(`t${index}`));
  const progress = new Progress(NOTHING_PLANNED, 0);
  const lines = steps.flatMap((step) => [
    ...progress.observe(begins(step), 0),
    ...progress.observe(ends(step), 1),
  ]);
  expect(lines.map(({ text }) => text)).toEqual([
    ...steps.slice(0, 12).map((_, index) => `  + tenant t${index}  0.0 s`),
    "  + 100 tenants  0.0 s",
    "  + 200 tenants  0.0 s",
  ]);
});

test("the status line names what runs and never outgrows the terminal", () => {
  const steps = ["a_very_long_tenant_name_that_goes_on", "b", "c"].map((id) =>
    tenantSteps.create(id),
  );
  const progress = progressOf(steps);
  for (const step of steps) progress.observe(begins(step), 0);
  expect(progress.status(0, 80)).toBe(
    "  0/3  tenant a_very_long_tenant_name_that_goes_on and 2 more  0.0 s",
  );
  expect(progress.status(0, 40).length).toBeLessThanOrEqual(40);
});

test("a failure is told at once, its message later", () => {
  const step = tenantSteps.create("a");
  const progress = progressOf([step]);
  const failed = eventOf({ resOpFailedEvent: { metadata: step, status: 0, steps: 1 } });
  expect(progress.observe(failed, 0)).toEqual([{ tone: "error", text: "  ! tenant a failed" }]);
});

test("warnings and the program's output are told, the engine's own chatter is not", () => {
  expect(noteLines(says("warning", "mind this\nand that\n"))).toEqual([
    { tone: "warning", text: "  mind this" },
    { tone: "warning", text: "  and that" },
  ]);
  expect(noteLines(says("info", "hello"))).toEqual([{ tone: "quiet", text: "  hello" }]);
  expect(noteLines(says("debug", "Registering resource"))).toEqual([]);
  expect(noteLines(says("error", "told at the end"))).toEqual([]);
  expect(
    noteLines(says("warning", "using pulumi-resource-postgresql from $PATH at /usr/bin/x")),
  ).toEqual([]);
});

test("a warning names the resource it is about; of many with one text the first are told", () => {
  const urn = (id: number): string => `urn:pulumi:dev::tenantry::tenantry:index:Tenant::t${id}`;
  const progress = progressOf([]);
  const lines = Array.from({ length: 1000 }, (_, id) =>
    progress.observe(says("warning", "mind this", urn(id)), 0),
  ).flat();
  expect(lines.map(({ text }) => text)).toEqual([
    ...[0, 1, 2, 3, 4].map((id) => `  tenant t${id}: mind this`),
    "  the same of others; --json tells of each",
  ]);
  expect(progress.observe(says("warning", "and that"), 0)).toHaveLength(1);
});

test("a log hears of a run that has nothing to tell, every half minute", () => {
  const step = tenantSteps.create("a");
  const progress = progressOf([step]);
  progress.observe(begins(step), 1000);
  expect(progress.heartbeat(29_999, 80)).toEqual([]);
  expect(progress.heartbeat(30_000, 80)).toEqual([
    { tone: "quiet", text: "  0/1  tenant a  30 s" },
  ]);
  expect(progress.heartbeat(59_999, 80)).toEqual([]);
  expect(progress.observe(ends(step), 60_000)).toHaveLength(1);
  expect(progress.heartbeat(89_999, 80)).toEqual([]);
});
