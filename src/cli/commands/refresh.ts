import { Command } from "@commander-js/extra-typings";
import { changeStack } from "../change-stack.ts";
import {
  ENGINE,
  EXPECT_NO_CHANGES,
  FORMAT,
  FULL,
  JSON_OUTPUT,
  MAX_LENGTH,
  STACK,
  YES,
} from "../options.ts";
import { openStack } from "../open-stack.ts";
import { previewStack } from "../preview-stack.ts";
import { line } from "../render/line.ts";
import { Terminal } from "../terminal.ts";

export const refreshCommand = () =>
  new Command("refresh")
    .description(
      "compare what is recorded with the real database (drift), and record what was found",
    )
    .addOption(STACK)
    .addOption(ENGINE)
    .option("--preview-only", "only show the differences; so do --expect-no-changes and --format")
    .option("--accept-loss", "record also that something protected is gone, with all it held")
    .addOption(EXPECT_NO_CHANGES)
    .addOption(FORMAT)
    .addOption(MAX_LENGTH)
    .addOption(YES)
    .addOption(FULL)
    .addOption(JSON_OUTPUT)
    .action(async ({ yes, previewOnly, acceptLoss, ...options }) => {
      if (previewOnly || options.expectNoChanges || options.format !== "text") {
        await previewStack("refresh", options);
        return;
      }
      const { stack: name, engine, full, json } = options;
      const terminal = new Terminal({ json });
      const stack = await openStack({ stack: name, engine });
      const result = await changeStack({
        ...{ stack, operation: "refresh", terminal, full, yes, acceptLoss },
      });
      if (result === "changed")
        terminal.print([
          line("  next      npx tenantry up, which puts right all but a tenant's own objects"),
        ]);
    });
