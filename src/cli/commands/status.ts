import { Command, Option } from "@commander-js/extra-typings";
import { judgeStatus } from "../../fleet/monitor/judge-status.ts";
import { readStatus } from "../../fleet/monitor/read-status.ts";
import { recordReading } from "../../fleet/monitor/record-reading.ts";
import { PROJECT } from "../../settings/stack-file.ts";
import { look } from "../look.ts";
import { JSON_OUTPUT, STACK, WATCH } from "../options.ts";
import { readingLines } from "../render/reading-lines.ts";
import { statusLines } from "../render/status-lines.ts";

export const statusCommand = () =>
  new Command("status")
    .description("show how the server and its fleet are, on one screen")
    .addOption(
      new Option(
        "--record",
        "keep how large each tenant is now, for sizes --growth: once a day, by cron or a timer",
      ).conflicts("watch"),
    )
    .addOption(STACK)
    .addOption(WATCH)
    .addOption(JSON_OUTPUT)
    .action(async ({ record = false, ...options }) => {
      if (record) {
        await look(options, { read: recordReading, lines: readingLines });
        return;
      }
      const stack = `${PROJECT}/${options.stack}`;
      await look(options, {
        read: async (monitor) => {
          const facts = await readStatus(monitor, monitor.sqlDirectory);
          return { ...facts, attention: [...judgeStatus(facts, stack)] };
        },
        lines: (facts, width) => statusLines(facts, { stack, now: new Date(), width }),
      });
    });
