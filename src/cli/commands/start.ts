import { Command } from "@commander-js/extra-typings";
import { changeStack } from "../change-stack.ts";
import { ENGINE, JSON_OUTPUT, STACK } from "../options.ts";
import { openStack } from "../open-stack.ts";
import { startLines } from "../render/start-lines.ts";
import { Terminal } from "../terminal.ts";

export const startCommand = () =>
  new Command("start")
    .description("`up` without a question, then where the database is and what to do next")
    .addOption(STACK)
    .addOption(ENGINE)
    .addOption(JSON_OUTPUT)
    .action(async ({ stack: name, engine, json }) => {
      const terminal = new Terminal({ json });
      const stack = await openStack({ stack: name, engine, keep: true });
      await changeStack({ stack, operation: "up", terminal, yes: true });
      terminal.print(startLines(stack.settings, terminal.width));
    });
