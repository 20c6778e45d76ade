import { Command, Option } from "@commander-js/extra-typings";
import { TenantryError } from "../../core/errors.ts";
import { readGrowth } from "../../fleet/monitor/read-growth.ts";
import type { GrowthFacts } from "../../fleet/monitor/read-growth.ts";
import type { MonitorContext } from "../../fleet/monitor/read-monitor.ts";
import { readSizes, readTableSizes } from "../../fleet/monitor/read-sizes.ts";
import { look } from "../look.ts";
import { JSON_OUTPUT, STACK, WATCH } from "../options.ts";
import { readDuration } from "../read-duration.ts";
import { growthLines } from "../render/growth-lines.ts";
import { schemaSizeLines, tableSizeLines } from "../render/size-lines.ts";

/**
 * @param seconds how far back
 * @throws {TenantryError} TNT-895 when there are no two readings to compare
 */
async function growthOf(monitor: MonitorContext, seconds: number): Promise<GrowthFacts> {
  const since = new Date(Date.now() - seconds * 1000);
  const growth = await readGrowth(monitor, since);
  const readings = growth.readings.filter(({ takenAt }) => takenAt >= since);
  if (readings.length < 2) throw new TenantryError("TNT-895", { since, readings: readings.length });
  return { ...growth, readings };
}

export const sizesCommand = () =>
  new Command("sizes")
    .description("show the sizes of the schemas, the largest first, or of one tenant's tables")
    .argument("[id]", "the tenant whose tables are shown")
    .addOption(
      new Option(
        "--growth [duration]",
        "how the tenants grew in the last 90d, 30d without it, from what status --record kept",
      )
        .preset("30d")
        .argParser(readDuration),
    )
    .addOption(STACK)
    .addOption(WATCH)
    .addOption(JSON_OUTPUT)
    .action(async (id, { growth, ...options }, command) => {
      if (growth !== undefined) {
        if (id !== undefined) command.error("error: --growth compares all tenants: name none");
        await look(options, {
          read: (monitor) => growthOf(monitor, growth),
          lines: growthLines,
        });
        return;
      }
      await look(options, {
        read: (monitor) => (id === undefined ? readSizes(monitor) : readTableSizes(monitor, id)),
        lines: id === undefined ? schemaSizeLines : tableSizeLines,
      });
    });
