import { Command } from "@commander-js/extra-typings";
import { maintain } from "../maintain.ts";
import { ALL_TENANTS, FROM_START, JSON_OUTPUT, STACK, WAIT } from "../options.ts";
import { oneOrAll } from "../one-or-all.ts";

export const analyzeCommand = () =>
  new Command("analyze")
    .description("collect statistics for the planner, of a tenant's tables or of all")
    .argument("[id]", "the tenant")
    .addOption(ALL_TENANTS)
    .addOption(WAIT)
    .addOption(FROM_START)
    .addOption(STACK)
    .addOption(JSON_OUTPUT)
    .action(async (id, options, command) => {
      oneOrAll(command, id, options.all);
      const { stack, wait, fromStart = false, json = false } = options;
      await maintain({ does: "analyze" }, { stack, id, wait, fromStart, yes: true, json });
    });
