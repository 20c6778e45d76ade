import { Command } from "@commander-js/extra-typings";
import { changeStack } from "../change-stack.ts";
import { ENGINE, FULL, JSON_OUTPUT, STACK, YES } from "../options.ts";
import { openStack } from "../open-stack.ts";
import { Terminal } from "../terminal.ts";

export const upCommand = () =>
  new Command("up")
    .description("make the database agree with the stack file: show the plan, ask, do it")
    .addOption(STACK)
    .addOption(ENGINE)
    .addOption(YES)
    .addOption(FULL)
    .addOption(JSON_OUTPUT)
    .action(async ({ stack: name, engine, yes, full, json }) => {
      const terminal = new Terminal({ json });
      const stack = await openStack({ stack: name, engine, keep: true });
      await changeStack({ stack, operation: "up", terminal, yes, full });
    });
