import { setTimeout as sleep } from "node:timers/promises";
import type { KeyTable, PageRange, PartitionOwner } from "../../core/partition.ts";
import {
  buildPartition,
  countOrphans,
  moveSome,
  PARTITIONS_SCHEMA,
  vacuumDefault,
} from "../../core/partition.ts";
import { quoteIdentifier } from "../../core/identifier.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import { withClient } from "../../postgres/with-client.ts";
import { step } from "../tenant-migrations.ts";
import type { PartitionsContext } from "./context.ts";
import { ensurePartitionsSchema } from "./partitions-schema.ts";
import { withTarget } from "./target.ts";

/** Rows of a shared table that were moved. */
export interface MovedRows {
  readonly table: string;
  readonly rows: number;
  readonly milliseconds: number;
}

const PAGE_BYTES = 8192;
/**
 * How many rows are moved in one transaction: some milliseconds of work, and little for the disk to be sure of while
 * others commit. Three times as many and their slowest hundredth takes twice as long (bench/bench-cleanup.ts).
 */
const STEP_ROWS = 300;
/** The pause after that, in times of what it took: two thirds of a core and of the disk are left to others. */
const PAUSES = 2;
/** How many pages are looked through at once: some hundreds of rows, or up to 8 MB where hardly any are orphans. */
const LEAST_PAGES = 4;
const MOST_PAGES = 1000;
const DOING = "Moving orphans of";

/**
 * Moves a target's orphans into its own tables, which are not attached yet, until at most a batch is left in each
 * DEFAULT partition: some hundred rows at a time, each time in a transaction of its own. Nobody waits for it. A table
 * with no more than a batch is left alone.
 *
 * It can end at any point, also by a crash: what was moved is in the target's own tables, and another run goes on.
 */
export async function drainDefault(
  ctx: PartitionsContext,
  id: string,
  batchSize: number,
): Promise<MovedRows[]> {
  const { tables } = await withTarget(ctx, id, DOING, (_, target) => Promise.resolve(target));
  const moved: MovedRows[] = [];
  for (const table of tables)
    if (!table.attached && table.mayHaveOrphans)
      moved.push(await drainTable(ctx, id, table, batchSize));
  return moved.filter(({ rows }) => rows > 0);
}

async function drainTable(
  ctx: PartitionsContext,
  id: string,
  table: KeyTable,
  batchSize: number,
): Promise<MovedRows> {
  const { name } = table;
  const started = performance.now();
  const limit = Math.min(batchSize, STEP_ROWS);
  let rows = 0;
  // What came while the rest was moved must not come faster than it goes: no more pauses then.
  for (let pauses = PAUSES; ; pauses = 0) {
    const pages = await pagesToMove(ctx, id, name, batchSize);
    const found = await movePages(ctx, id, name, { pages, limit, pauses });
    rows += found;
    // What is left is locked by others: the last step waits for them.
    if (found === 0) break;
    await vacuum(ctx, table);
  }
  return { table: name, rows, milliseconds: performance.now() - started };
}

/** How many pages DEFAULT has, once the table aside is there; none when no more than a batch is in it. */
function pagesToMove(
  ctx: PartitionsContext,
  id: string,
  name: string,
  batchSize: number,
): Promise<number> {
  return withTable(ctx, id, name, async (client, table, owner) => {
    const text = countOrphans(table, owner, batchSize + 1);
    if (text === undefined) return 0;
    const [found] = await runStatements(client, [{ text, file: `counting orphans in ${name}` }]);
    const { rows, bytes } = found?.rows[0] as { rows: number; bytes: number };
    if (rows <= batchSize) return 0;
    if (owner.schema === PARTITIONS_SCHEMA) await ensurePartitionsSchema(client, ctx);
    if (!table.detached)
      await runStatements(client, step(`making ${name} aside`, buildPartition(table, owner)));
    return Math.ceil(bytes / PAGE_BYTES);
  });
}

/** Moves orphans of a table, page after page, a step at a time. @returns how many */
async function movePages(
  ctx: PartitionsContext,
  id: string,
  name: string,
  { pages, limit, pauses }: { pages: number; limit: number; pauses: number },
): Promise<number> {
  let total = 0;
  let width = LEAST_PAGES;
  for (let from = 0; from < pages;) {
    const started = performance.now();
    const rows = await moveStep(ctx, id, name, { from, to: from + width }, limit);
    total += rows;
    // There may be more in them.
    if (rows < limit) from += width;
    width = nextWidth(width, rows / limit);
    const pause = rows > 0 ? pauses * (performance.now() - started) : 0;
    if (pause > 0) await sleep(pause, undefined, { signal: ctx.signal });
  }
  return total;
}

/** Pages that are full of orphans are taken few at a time, or each step would pass by those that the ones before left. */
function nextWidth(width: number, filled: number): number {
  if (filled === 1) return Math.max(LEAST_PAGES, Math.floor(width / 2));
  return filled < 0.5 ? Math.min(MOST_PAGES, width * 2) : width;
}

function moveStep(
  ctx: PartitionsContext,
  id: string,
  name: string,
  range: PageRange,
  limit: number,
): Promise<number> {
  return withTable(ctx, id, name, async (client, table, owner) => {
    const text = moveSome(table, owner, range, limit);
    if (text === undefined) return 0;
    const [moved] = await runStatements(client, step(`moving orphans of ${name}`, [text]));
    return moved?.rowCount ?? 0;
  });
}

/** Does something with a table while it is not attached; 0 when somebody has attached it since. */
function withTable(
  ctx: PartitionsContext,
  id: string,
  name: string,
  work: (
    client: Parameters<typeof runStatements>[0],
    table: KeyTable,
    owner: PartitionOwner,
  ) => Promise<number>,
): Promise<number> {
  return withTarget(ctx, id, DOING, async (client, { owner, tables }) => {
    const table = tables.find((candidate) => candidate.name === name);
    return table === undefined || table.attached ? 0 : work(client, table, owner);
  });
}

/** Dead rows would be scanned under the lock. */
async function vacuum({ pool, roles }: PartitionsContext, table: KeyTable): Promise<void> {
  const text = vacuumDefault(table);
  if (text === undefined) return;
  await withClient(pool, async (client) => {
    // Outside a transaction, so one after the other.
    const before = ["set vacuum_cost_delay = 2", `set role ${quoteIdentifier(roles.owner)}`];
    const after = ["reset role", "reset vacuum_cost_delay"];
    for (const statement of [...before, text, ...after])
      await runStatements(client, step(`vacuuming DEFAULT of ${table.name}`, [statement]));
  });
}
