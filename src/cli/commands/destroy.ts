import { Command } from "@commander-js/extra-typings";
import { TenantryError } from "../../core/errors.ts";
import { changeStack } from "../change-stack.ts";
import { ENGINE, FULL, JSON_OUTPUT, STACK, YES } from "../options.ts";
import { openStack } from "../open-stack.ts";
import { Terminal } from "../terminal.ts";

export const destroyCommand = () =>
  new Command("destroy")
    .description("remove a disposable stack with all its data; refused for any other")
    .addOption(STACK)
    .addOption(ENGINE)
    .addOption(YES)
    .addOption(FULL)
    .addOption(JSON_OUTPUT)
    .action(async ({ stack: name, engine, yes, full, json }) => {
      const stack = await openStack({ stack: name, engine });
      if (!stack.settings.disposable)
        throw new TenantryError("TNT-607", { stack: name, file: stack.file });
      await changeStack({
        stack,
        operation: "destroy",
        terminal: new Terminal({ json }),
        yes,
        full,
      });
    });
