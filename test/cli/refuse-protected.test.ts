import { expect, test } from "vitest";
import { refuseLoss, refuseProtected } from "../../src/cli/refuse-protected.ts";
import { planOf } from "../../src/cli/render/plan.ts";
import { begins, stepOf, tenantSteps } from "../support/engine-events.ts";

const stack = {
  name: "production",
  file: "stacks/Pulumi.production.yaml",
  settings: { layout: "tenants" },
} as const;

test("a protected tenant that went missing is refused, with what to do", () => {
  const steps = [tenantSteps.remove("a", { protect: true }), tenantSteps.remove("b")];
  expect(() => {
    refuseProtected(planOf(steps.map(begins)), stack, "up");
  }).toThrow(
    /The tenant a is no longer in stacks\/Pulumi.production.yaml but not retired.*\{ id: a, state: retired \}/,
  );
});

test("anything else that is protected is named", () => {
  const step = stepOf("delete", "postgresql:index/database:Database", {
    old: { inputs: { name: "nostromo" }, protect: true },
  });
  expect(() => {
    refuseProtected(planOf([begins(step)]), stack, "up");
  }).toThrow(/^database nostromo is protected in stack "production".*TNT-606/);
});

test("a stack that was not brought up as disposable is not destroyed", () => {
  const steps = [tenantSteps.remove("a", { protect: true }), tenantSteps.remove("b")];
  expect(() => {
    refuseProtected(planOf(steps.map(begins)), stack, "destroy");
  }).toThrow(/"production" .* cannot be destroyed.*run up, and destroy it then.*TNT-607/);
});

test("removing what is not protected goes through", () => {
  refuseProtected(planOf([begins(tenantSteps.remove("a"))]), stack, "up");
});

test("a refresh does not forget what is protected by itself", () => {
  const steps = [tenantSteps.remove("a", { protect: true }), tenantSteps.remove("b")];
  expect(() => {
    refuseLoss(planOf(steps.map(begins)), stack);
  }).toThrow(/^tenant a of stack "production" is gone.*--accept-loss.*TNT-617/);
  refuseLoss(planOf([begins(tenantSteps.remove("a"))]), stack);
});
