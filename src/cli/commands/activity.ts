import { Command } from "@commander-js/extra-typings";
import { readActivity } from "../../fleet/monitor/read-activity.ts";
import { look } from "../look.ts";
import { JSON_OUTPUT, SHOW_LITERALS, STACK, WATCH } from "../options.ts";
import { activityLines } from "../render/activity-lines.ts";

export const activityCommand = () =>
  new Command("activity")
    .description("show who runs what in the database, how long, and for which tenant")
    .addOption(STACK)
    .option("--all", "the idle sessions, too")
    .addOption(SHOW_LITERALS)
    .addOption(WATCH)
    .addOption(JSON_OUTPUT)
    .action(async ({ all = false, showLiterals, ...options }) => {
      await look(options, {
        read: (monitor) => readActivity(monitor, { showLiterals }),
        lines: (sessions, width) => activityLines(sessions, { all, width }),
      });
    });
