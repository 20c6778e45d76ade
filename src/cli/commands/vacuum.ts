import { Command, Option } from "@commander-js/extra-typings";
import { maintain } from "../maintain.ts";
import { ALL_TENANTS, FROM_START, JSON_OUTPUT, STACK, WAIT, YES } from "../options.ts";
import { oneOrAll } from "../one-or-all.ts";

export const vacuumCommand = () =>
  new Command("vacuum")
    .description("make the room of dead rows usable again, in a tenant's tables or in all")
    .argument("[id]", "the tenant")
    .addOption(ALL_TENANTS)
    .option(
      "--full",
      "give the room back to the disk: each table is written anew, and nobody reads or writes it meanwhile",
    )
    .option("--analyze", "collect statistics for the planner, too")
    .addOption(
      new Option("--confirm <stack>", "with --full --all: the stack's name, as a clear yes"),
    )
    .addOption(WAIT)
    .addOption(FROM_START)
    .addOption(STACK)
    .addOption(YES)
    .addOption(JSON_OUTPUT)
    .addHelpText(
      "after",
      "\nExamples:\n  npx tenantry vacuum --all --analyze\n  npx tenantry vacuum empresa_123 --full",
    )
    .action(async (id, options, command) => {
      oneOrAll(command, id, options.all);
      const { full = false, analyze = false, stack, wait, confirm } = options;
      const { fromStart = false, yes = false, json = false } = options;
      await maintain(
        { does: "vacuum", full, analyze },
        { stack, id, wait, fromStart, yes, json, confirm },
      );
    });
