import { Command } from "@commander-js/extra-typings";
import { readIndexes } from "../../fleet/monitor/read-indexes.ts";
import { look } from "../look.ts";
import { JSON_OUTPUT, STACK, WATCH } from "../options.ts";
import { indexLines } from "../render/index-lines.ts";

export const indexesCommand = () =>
  new Command("indexes")
    .description("show indexes that are invalid, duplicate, unused or bloated")
    .argument("[id]", "only those of this tenant")
    .addOption(STACK)
    .addOption(WATCH)
    .addOption(JSON_OUTPUT)
    .action(async (id, options) => {
      await look(options, {
        read: (monitor) => readIndexes(monitor, id),
        lines: indexLines,
      });
    });
