import { Command } from "@commander-js/extra-typings";
import { readLocks } from "../../fleet/monitor/read-locks.ts";
import { look } from "../look.ts";
import { JSON_OUTPUT, SHOW_LITERALS, STACK, WATCH } from "../options.ts";
import { lockLines } from "../render/lock-lines.ts";

export const locksCommand = () =>
  new Command("locks")
    .description("show who blocks whom: below each session those that wait for it")
    .addOption(STACK)
    .addOption(SHOW_LITERALS)
    .addOption(WATCH)
    .addOption(JSON_OUTPUT)
    .action(async ({ showLiterals, ...options }) => {
      await look(options, {
        read: (monitor) => readLocks(monitor, { showLiterals }),
        lines: lockLines,
      });
    });
