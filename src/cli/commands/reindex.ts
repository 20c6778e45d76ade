import { Command } from "@commander-js/extra-typings";
import { maintain } from "../maintain.ts";
import { ALL_TENANTS, FROM_START, JSON_OUTPUT, STACK, WAIT, YES } from "../options.ts";
import { oneOrAll } from "../one-or-all.ts";

export const reindexCommand = () =>
  new Command("reindex")
    .description("build a tenant's indexes anew, or all; left-over ones are found and removed")
    .argument("[id]", "the tenant")
    .addOption(ALL_TENANTS)
    .option("--concurrently", "let everybody go on: each index is built beside the old one")
    .addOption(WAIT)
    .addOption(FROM_START)
    .addOption(STACK)
    .addOption(YES)
    .addOption(JSON_OUTPUT)
    .addHelpText("after", "\nExample:\n  npx tenantry reindex empresa_123 --concurrently")
    .action(async (id, options, command) => {
      oneOrAll(command, id, options.all);
      const { concurrently = false, stack, wait } = options;
      const { fromStart = false, yes = false, json = false } = options;
      await maintain({ does: "reindex", concurrently }, { stack, id, wait, fromStart, yes, json });
    });
