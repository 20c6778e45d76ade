import { Command } from "@commander-js/extra-typings";
import { changeStack, showPlan } from "../change-stack.ts";
import { ENGINE, FULL, JSON_OUTPUT, STACK, YES } from "../options.ts";
import { openStack } from "../open-stack.ts";
import { line } from "../render/line.ts";
import { Terminal } from "../terminal.ts";

export const refreshCommand = () =>
  new Command("refresh")
    .description(
      "compare what is recorded with the real database (drift), and record what was found",
    )
    .addOption(STACK)
    .addOption(ENGINE)
    .option("--preview-only", "only show the differences")
    .addOption(YES)
    .addOption(FULL)
    .addOption(JSON_OUTPUT)
    .action(async ({ stack: name, engine, previewOnly, yes, full, json }) => {
      const terminal = new Terminal({ json });
      const stack = await openStack({ stack: name, engine });
      const options = { stack, operation: "refresh", terminal, full } as const;
      if (previewOnly) {
        await showPlan(options);
        return;
      }
      const result = await changeStack({ ...options, yes });
      if (result === "changed")
        terminal.print([
          line("  next      npx tenantry up, which puts right all but a tenant's own objects"),
        ]);
    });
