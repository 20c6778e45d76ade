import { expect, test } from "vitest";
import { pulumiDigest } from "../../../src/cli/review/pulumi-digest.ts";
import type { EngineEvent } from "../../../src/core/engine-event.ts";
import { begins, ends, eventOf, says, stepOf } from "../../support/engine-events.ts";

const blinded = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "[secret]",
};

test("the digest has the CLI's fields, without what is empty, and no mark of a secret", () => {
  const step = stepOf("update", "fake:index:Thing", {
    name: "a",
    old: { inputs: { x: 1, password: blinded }, protect: true, outputs: { x: 1 } },
    new: { inputs: { x: 2, list: [blinded] } },
    diffs: ["x"],
    detailedDiff: { x: { diffKind: "update", inputDiff: true } },
  });
  const events: EngineEvent[] = [
    eventOf({ preludeEvent: { config: { "fake:token": "[secret]" } } }),
    begins(step),
    says("warning", "careful\n", step.urn),
    says("debug", "noise"),
    ends(step),
    eventOf({
      summaryEvent: { maybeCorrupt: false, durationSeconds: 2, resourceChanges: { update: 1 } },
    }),
  ];
  const state = { urn: step.urn, custom: true, type: "fake:index:Thing", id: "id" };
  expect(pulumiDigest(events)).toEqual({
    config: { "fake:token": "[secret]" },
    steps: [
      {
        op: "update",
        urn: step.urn,
        oldState: {
          ...state,
          protect: true,
          inputs: { x: 1, password: "[secret]" },
          outputs: { x: 1 },
        },
        newState: { ...state, inputs: { x: 2, list: ["[secret]"] } },
        diffReasons: ["x"],
        detailedDiff: { x: { kind: "update", inputDiff: true } },
      },
    ],
    diagnostics: [{ urn: step.urn, message: "careful\n", severity: "warning" }],
    duration: 2_000_000_000,
    changeSummary: { update: 1 },
  });
});

test("what stays as it is and the parts of a replacement are left out, the stack never", () => {
  const type = "fake:index:Thing";
  const unprotected = stepOf("same", type, { name: "free", old: { protect: true }, new: {} });
  const steps = [
    stepOf("same", "pulumi:pulumi:Stack", { name: "stack", old: {}, new: {} }),
    stepOf("same", type, { name: "same", old: {}, new: {} }),
    unprotected,
    stepOf("create-replacement", type, { name: "r", old: {}, new: {} }),
    stepOf("replace", type, { name: "r", old: {}, new: {} }),
    stepOf("delete-replaced", type, { name: "r", old: {} }),
  ];
  const digest = pulumiDigest(steps.map(begins));
  expect(digest.steps?.map(({ op, urn }) => [op, urn.split("::").at(-1)])).toEqual([
    ["same", "stack"],
    ["same", "free"],
    ["replace", "r"],
  ]);
});

test("of a refresh it tells what was found", () => {
  const read = stepOf("refresh", "fake:index:Thing", { old: {}, new: {} });
  const found = stepOf("update", "fake:index:Thing", {
    old: { outputs: { x: 1 } },
    new: { outputs: { x: 2 } },
    detailedDiff: { x: { diffKind: "update", inputDiff: false } },
  });
  expect(pulumiDigest([begins(read), ends(found)]).steps).toMatchObject([
    { op: "update", newState: { outputs: { x: 2 } } },
  ]);
  expect(pulumiDigest([begins(read), ends(stepOf("same", "t", {}))]).steps).toMatchObject([
    { op: "refresh" },
  ]);
});
