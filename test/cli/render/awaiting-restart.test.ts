import { expect, test } from "vitest";
import type { Step } from "../../../src/core/engine-event.ts";
import { planLines } from "../../../src/cli/render/plan-lines.ts";
import { planOf } from "../../../src/cli/render/plan.ts";
import { reviewMarkdown } from "../../../src/cli/review/markdown.ts";
import { reviewOf } from "../../../src/cli/review/review.ts";
import { begins, stepOf } from "../../support/engine-events.ts";

const ready = (pendingRestart: unknown): Step => {
  const state = { outputs: { pendingRestart: ["wal_level"] } };
  return stepOf("same", "tenantry:index:ServerReady", {
    old: state,
    new: { outputs: { pendingRestart } },
  });
};

const settings = stepOf("update", "tenantry:index:ConfigFiles", {
  old: { inputs: { parameters: { max_wal_senders: "10", work_mem: "4MB" } } },
  new: { inputs: { parameters: { max_wal_senders: "12", work_mem: "5MB" } } },
  detailedDiff: {
    "parameters.max_wal_senders": { diffKind: "update", inputDiff: true },
    "parameters.work_mem": { diffKind: "update", inputDiff: true },
  },
});

const container = (op: Step["op"]): Step =>
  stepOf(op, "docker:index/container:Container", { old: {}, new: {}, diffs: ["labels"] });

const awaiting = (...steps: Step[]): readonly string[] => planOf(steps.map(begins)).awaitingRestart;

test("settings that only a start brings are told: those that wait already, and those of this plan", () => {
  expect(awaiting(ready([]), container("same"))).toEqual([]);
  expect(awaiting(ready(["wal_level"]), settings)).toEqual(["max_wal_senders", "wal_level"]);
  // What is not known yet is what was known last.
  expect(awaiting(ready("unknown"))).toEqual(["wal_level"]);
});

test("nothing waits when the plan restarts the server", () => {
  expect(awaiting(ready(["wal_level"]), settings, container("replace"))).toEqual([]);
  const embedded = stepOf("update", "tenantry:index:EmbeddedServer", {
    old: {},
    new: {},
    detailedDiff: { startDigest: { diffKind: "update", inputDiff: true } },
  });
  expect(awaiting(ready(["wal_level"]), settings, embedded)).toEqual([]);
});

test("a preview and a pull request's comment say what waits", () => {
  const events = [ready(["wal_level"]), settings].map(begins);
  expect(planLines(planOf(events), 80).map(({ text }) => text)).toContain(
    "  waits for a restart:  max_wal_senders, wal_level",
  );
  expect(reviewMarkdown("prod", reviewOf(events), 10_000)).toMatch(
    /Waits for a restart: .*wal&#95;level/,
  );
  expect(reviewMarkdown("prod", reviewOf([begins(ready([]))]), 10_000)).not.toContain("Waits for");
});
