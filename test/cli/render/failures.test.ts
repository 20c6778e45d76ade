import { expect, test } from "vitest";
import { failureLines, failuresOf } from "../../../src/cli/render/failures.ts";
import { begins, says, tenantSteps } from "../../support/engine-events.ts";

const step = tenantSteps.create("a");

test("each failed resource is named once with its message, echoes are left out", () => {
  const failures = failuresOf([
    begins(step),
    says("error", "no room\nfor it\n", step.urn),
    says("error", "no room\nfor it\n", step.urn),
    says("error", "update failed\n"),
    says("error", "something else"),
    says("warning", "not this"),
  ]);
  expect(failureLines(failures, 80).map(({ text }) => text)).toEqual([
    "  failed: tenant a",
    "     no room",
    "     for it",
    "     something else",
  ]);
});

test("an error of a resource that no step told of keeps its message", () => {
  expect(failuresOf([says("error", "bad", "urn:x::y::z::n")])).toEqual([
    { urn: "urn:x::y::z::n", message: "bad" },
  ]);
});
