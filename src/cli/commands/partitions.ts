import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { auditOrphans } from "../../fleet/partitions/audit-orphans.ts";
import { cleanUp } from "../../fleet/partitions/clean-up.ts";
import type { PartitionsContext } from "../../fleet/partitions/context.ts";
import { createPartitions } from "../../fleet/partitions/create-partitions.ts";
import { destroyPartitions } from "../../fleet/partitions/destroy-partitions.ts";
import { listPartitions } from "../../fleet/partitions/list-partitions.ts";
import { asAdministrator } from "../administrator.ts";
import { interruptible } from "../interruptible.ts";
import { JSON_OUTPUT, STACK } from "../options.ts";
import { counted } from "../../core/format.ts";
import { line } from "../render/line.ts";
import { auditLines, cleanedLines, createdLines, listLines } from "../render/partition-lines.ts";
import { Terminal } from "../terminal.ts";

const BATCH_SIZE = new Option(
  "--batch-size <rows>",
  "rows of a table that are moved and attached at once; default: 10000",
).argParser(Number);

function readRows(text: string): number {
  const rows = Number(text);
  if (Number.isInteger(rows) && rows >= 0) return rows;
  throw new InvalidArgumentError("It must be a whole number of rows.");
}

const inDatabase = <T>(
  stack: string,
  work: (ctx: PartitionsContext) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> =>
  asAdministrator({ stack }, (context, { partitions }) =>
    work({ ...context, placement: partitions, ...(signal && { signal }) }),
  );

/** Ctrl-C ends it after the transaction under way; another run goes on. */
const stoppable = <T>(
  terminal: Terminal,
  stack: string,
  work: (ctx: PartitionsContext) => Promise<T>,
): Promise<T> =>
  interruptible(
    (signal) => inDatabase(stack, work, signal),
    () => {
      terminal.note([line("Finishing what is in flight. Another run goes on.", "warning")]);
    },
  );

const auditCommand = () =>
  new Command("audit")
    .description("count the rows that have no partition (orphans), by table and key")
    .addOption(STACK)
    .addOption(JSON_OUTPUT)
    .action(async ({ stack, json }) => {
      const terminal = new Terminal({ json });
      const { tables, owners } = await inDatabase(stack, async (ctx) => ({
        tables: await auditOrphans(ctx),
        owners: await listPartitions(ctx),
      }));
      if (json) terminal.printJson(tables);
      terminal.print(auditLines(tables, owners));
      const rows = tables.reduce((sum, table) => sum + table.rows, 0);
      terminal.note([
        line(
          rows === 0
            ? "no orphans"
            : `${counted(rows, "orphan")}; npx tenantry partitions cleanup moves those of tenants`,
          "quiet",
        ),
      ]);
    });

const cleanupCommand = () =>
  new Command("cleanup")
    .description("move orphans to the partitions of those they belong to, while all goes on")
    .addOption(BATCH_SIZE)
    .addOption(STACK)
    .addOption(JSON_OUTPUT)
    .action(async ({ stack, json, batchSize }) => {
      const terminal = new Terminal({ json });
      const { result, owners } = await stoppable(terminal, stack, async (ctx) => ({
        result: await cleanUp(ctx, batchSize === undefined ? {} : { batchSize }),
        owners: await listPartitions(ctx),
      }));
      if (json) terminal.printJson(result);
      terminal.print(cleanedLines(result, owners));
    });

const createCommand = () =>
  new Command("create")
    .description("give a tenant, or a value, the partitions it lacks, with its orphans")
    .argument("<id>", "the tenant; in a stack without tenants the value of the key")
    .addOption(BATCH_SIZE)
    .addOption(STACK)
    .addOption(JSON_OUTPUT)
    .action(async (id, { stack, json, batchSize }) => {
      const terminal = new Terminal({ json });
      const options = batchSize === undefined ? {} : { batchSize };
      const created = await stoppable(terminal, stack, (ctx) => createPartitions(ctx, id, options));
      if (json) terminal.printJson(created);
      terminal.print(createdLines(created));
    });

const destroyCommand = () =>
  new Command("destroy")
    .description("detach and drop a value's partitions, if they hold as many rows as is said")
    .argument("<id>", "the value of the key; a tenant's partitions go with the tenant")
    .option("--rows <number>", "how many rows are to be lost; default: 0", readRows)
    .addOption(STACK)
    .addOption(JSON_OUTPUT)
    .action(async (id, { stack, json, rows = 0 }) => {
      const terminal = new Terminal({ json });
      const result = await inDatabase(stack, (ctx) => destroyPartitions(ctx, id, { rows }));
      if (json) terminal.printJson(result);
      terminal.print(
        result.dropped.length === 0
          ? [line(`  ${id}  has no partitions in schema partitions`)]
          : result.dropped.map((drop) =>
              line(`  - ${id}  ${drop.table} dropped with ${counted(drop.rows, "row")}`, "remove"),
            ),
      );
    });

const listCommand = () =>
  new Command("list")
    .description("list who has partitions, and of how many shared tables")
    .argument("[id]", "only this tenant or value")
    .addOption(STACK)
    .addOption(JSON_OUTPUT)
    .action(async (id, { stack, json }) => {
      const terminal = new Terminal({ json });
      const all = await inDatabase(stack, listPartitions);
      const rows = all.filter((row) => id === undefined || row.id === id);
      if (json) terminal.printJson(rows);
      terminal.print(listLines(rows));
    });

export const partitionsCommand = () =>
  new Command("partitions")
    .description("the partitions of the shared tables: audit, clean up, create, drop, list")
    .addCommand(auditCommand())
    .addCommand(cleanupCommand())
    .addCommand(createCommand())
    .addCommand(destroyCommand())
    .addCommand(listCommand());
