import { Command } from "@commander-js/extra-typings";
import { TenantryError } from "../../core/errors.ts";
import { hasChanges, showPlan } from "../change-stack.ts";
import { ENGINE, FULL, JSON_OUTPUT, STACK } from "../options.ts";
import { openStack } from "../open-stack.ts";
import { Terminal } from "../terminal.ts";

export const previewCommand = () =>
  new Command("preview")
    .description("show what `up` would change, and change nothing")
    .addOption(STACK)
    .addOption(ENGINE)
    .addOption(FULL)
    .option("--expect-no-changes", "fail (exit code 1) when there are changes, for CI")
    .addOption(JSON_OUTPUT)
    .action(async ({ stack: name, engine, full, expectNoChanges, json }) => {
      const stack = await openStack({ stack: name, engine });
      const plan = await showPlan({
        stack,
        operation: "up",
        terminal: new Terminal({ json }),
        full,
      });
      if (!expectNoChanges || !hasChanges(plan)) return;
      const changes = plan.items.filter(({ change }) => change !== "same").length;
      throw new TenantryError("TNT-610", { changes });
    });
