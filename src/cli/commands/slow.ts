import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { readSlow } from "../../fleet/monitor/read-slow.ts";
import { look } from "../look.ts";
import { JSON_OUTPUT, SHOW_LITERALS, STACK, WATCH } from "../options.ts";
import { slowLines } from "../render/slow-lines.ts";

function readLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1) return limit;
  throw new InvalidArgumentError("It must be a whole number from 1.");
}

export const slowCommand = () =>
  new Command("slow")
    .description("show the statements that took the most time, of all tenants together")
    .argument("[id]", "only what is known to have run for this tenant")
    .addOption(STACK)
    .addOption(
      new Option("--by <what>", "what comes first: the most time in sum, or for one call")
        .choices(["total", "mean"] as const)
        .default("total" as const),
    )
    .addOption(
      new Option("--limit <number>", "how many statements").default(10).argParser(readLimit),
    )
    .addOption(SHOW_LITERALS)
    .addOption(WATCH)
    .addOption(JSON_OUTPUT)
    .action(async (tenant, { by, limit, showLiterals, ...options }) => {
      await look(options, {
        read: async (monitor) => {
          const { groups, ...facts } = await readSlow(monitor, { tenant, showLiterals });
          const sorted = by === "mean" ? groups.toSorted((a, b) => b.meanMs - a.meanMs) : groups;
          return { ...facts, groups: sorted.slice(0, limit) };
        },
        lines: slowLines,
      });
    });
