import { expect, test } from "vitest";
import { failureLines, failuresOf, withPlainNames } from "../../../src/cli/render/failures.ts";
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
    "  failed:  tenant a",
    "     no room",
    "     for it",
    "     something else",
  ]);
});

test("one message about many resources is told once, and in plain names", () => {
  const message = "urn:pulumi:dev::tenantry::a:b:C$tenantry:index:Tenant::a: no server.";
  const failures = ["role a", "role b"].map((title) => ({ title, message }));
  expect(failureLines(failures, 80).map(({ text }) => text)).toEqual([
    "  failed:  role a, role b",
    "     tenant a: no server.",
  ]);
  expect(withPlainNames("see urn:pulumi:dev::p::tenantry:index:Tenant::x, and more.")).toBe(
    "see tenant x, and more.",
  );
});

test("an error of a resource that no step told of keeps its message", () => {
  expect(failuresOf([says("error", "bad", "urn:x::y::z::n")])).toEqual([
    { urn: "urn:x::y::z::n", message: "bad" },
  ]);
});

test("of a thousand that failed alike a dozen are named, and the rest counted", () => {
  const failures = Array.from({ length: 1000 }, (_, id) => ({
    title: `tenant t${id}`,
    message: "no",
  }));
  const lines = failureLines(failures, 80).map(({ text }) => text);
  expect(lines.at(-1)).toBe("     no");
  const names = lines
    .slice(0, -1)
    .map((text) => text.trim())
    .join(" ");
  expect(names).toMatch(/^failed: +tenant t0, .* tenant t11, and 988 more$/);
  expect(lines).toHaveLength(4);
});
