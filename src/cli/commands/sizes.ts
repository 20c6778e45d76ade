import { Command } from "@commander-js/extra-typings";
import { readSizes, readTableSizes } from "../../fleet/monitor/read-sizes.ts";
import { look } from "../look.ts";
import { JSON_OUTPUT, STACK, WATCH } from "../options.ts";
import { schemaSizeLines, tableSizeLines } from "../render/size-lines.ts";

export const sizesCommand = () =>
  new Command("sizes")
    .description("show the sizes of the schemas, the largest first, or of one tenant's tables")
    .argument("[id]", "the tenant whose tables are shown")
    .addOption(STACK)
    .addOption(WATCH)
    .addOption(JSON_OUTPUT)
    .action(async (id, options) => {
      await look(options, {
        read: (monitor) => (id === undefined ? readSizes(monitor) : readTableSizes(monitor, id)),
        lines: id === undefined ? schemaSizeLines : tableSizeLines,
      });
    });
