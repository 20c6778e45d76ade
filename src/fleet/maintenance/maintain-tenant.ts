import type { PoolClient } from "pg";
import { messageOf } from "../../core/errors.ts";
import { quoteIdentifier } from "../../core/identifier.ts";
import { maintenanceStatement, patienceFor, workName } from "../../core/maintenance.ts";
import type { MaintenanceWork } from "../../core/maintenance.ts";
import { releaseLock, takeLock } from "../../postgres/advisory-lock.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import { sqlstateOf } from "../../postgres/sql-error.ts";
import { SQLSTATE } from "../../postgres/sqlstate.ts";
import { withClient } from "../../postgres/with-client.ts";
import type { FleetContext } from "../context.ts";
import { fleetQuery } from "../fleet-query.ts";
import { audit } from "../registry.ts";
import type { AuditAction } from "../registry.ts";
import { step } from "../tenant-migrations.ts";
import { tenantLock, withoutBooks } from "../tenant-session.ts";
import { endsMaintenance } from "./ends-maintenance.ts";
import { removeLeftOvers } from "./left-over-indexes.ts";

/** A table, or an index, that was left as it is. */
export interface LeftOut {
  readonly name: string;
  readonly why: "busy" | "gone" | "failed";
  /** Who holds it, or what PostgreSQL said. */
  readonly reason: string;
}

/** What became of a tenant. */
export interface TenantMaintenance {
  readonly id: string;
  /** Whether the registry has no such tenant: it was removed, or never there. */
  readonly gone: boolean;
  /** The tables that were worked on. */
  readonly tables: number;
  /** Of those tables with their indexes and TOAST, before and after. */
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** Indexes that an interrupted REINDEX CONCURRENTLY had left behind, and that are gone now. */
  readonly removed: readonly string[];
  readonly leftOut: readonly LeftOut[];
  /** What PostgreSQL warned of. */
  readonly warnings: readonly string[];
}

export interface MaintenanceOptions {
  /** How long a table is waited for, in seconds. Default: see `patienceFor`. */
  readonly patience?: number | undefined;
}

interface Table {
  readonly oid: string;
  readonly name: string;
}

interface Found {
  /** Null when the schema is gone. */
  readonly schemaOid: string | null;
  readonly tables: readonly Table[];
}

interface Notice {
  readonly severity: string | undefined;
  readonly message: string | undefined;
}

/** What is written to the audit log of each tenant. */
export const DONE: Readonly<Record<MaintenanceWork["does"], AuditAction>> = {
  vacuum: "tenant.vacuumed",
  reindex: "tenant.reindexed",
  analyze: "tenant.analyzed",
};

/**
 * Vacuums, reindexes or analyzes a tenant's tables, one after the other and outside of a transaction. A table that
 * somebody holds is left out after a short wait, since the application would queue behind it; one that is dropped
 * meanwhile, or that PostgreSQL refuses, is told too.
 *
 * @throws {TenantryError} TNT-415 when the database has no books, TNT-404 when another run has held the tenant for a
 *   minute (reindex only); what ends the connection
 */
export function maintainTenant(
  ctx: FleetContext,
  id: string,
  work: MaintenanceWork,
  { patience = patienceFor(work) }: MaintenanceOptions = {},
): Promise<TenantMaintenance> {
  return withClient(ctx.pool, async (client) => {
    const warnings: string[] = [];
    const hear = ({ severity, message }: Notice): void => {
      if (severity === "WARNING" && message !== undefined) warnings.push(message);
    };
    client.on("notice", hear);
    try {
      await inTurn(client, [
        `set role ${quoteIdentifier(ctx.roles.owner)}`,
        `set lock_timeout = ${Math.max(1, Math.round(patience * 1000))}`,
        "set statement_timeout = 0",
      ]);
      // A migration drops invalid indexes, too, and could take those in the making for left over.
      if (work.does === "reindex") await takeLock(client, tenantLock(id), "session", ctx.signal);
      const result = await workOn(client, ctx, id, work, warnings);
      if (work.does === "reindex") await releaseLock(client, tenantLock(id));
      await inTurn(client, ["reset role", "reset lock_timeout", "reset statement_timeout"]);
      return result;
    } finally {
      client.off("notice", hear);
    }
  });
}

async function workOn(
  client: PoolClient,
  ctx: FleetContext,
  id: string,
  work: MaintenanceWork,
  warnings: readonly string[],
): Promise<TenantMaintenance> {
  const before = await findTables(client, ctx, id);
  const nothing = { id, tables: 0, bytesBefore: 0, bytesAfter: 0, removed: [], warnings };
  if (before === undefined) return { ...nothing, gone: true, leftOut: [] };
  const { schemaOid, tables } = before;
  if (schemaOid === null)
    return {
      ...nothing,
      gone: false,
      leftOut: [{ name: `schema of ${id}`, why: "gone", reason: "see npx tenantry doctor" }],
    };
  const removed: string[] = [];
  const leftOut: LeftOut[] = [];
  const clear = async (): Promise<void> => {
    if (work.does !== "reindex") return;
    const cleared = await removeLeftOvers(client, ctx.roles.owner, schemaOid);
    removed.push(...cleared.removed);
    leftOut.push(...cleared.leftOut);
  };
  await clear();
  const done: Sizes[] = [];
  for (const table of tables) {
    ctx.signal?.throwIfAborted();
    const outcome = await attempt(client, ctx.roles.owner, work, table);
    if ("why" in outcome) leftOut.push(outcome);
    else done.push(outcome);
  }
  // What was given up on the way left its own behind.
  if (leftOut.length > 0) await clear();
  const after = await findTables(client, ctx, id);
  const result: TenantMaintenance = {
    ...{ id, gone: after === undefined, tables: done.length, removed, warnings },
    leftOut: unique(leftOut),
    bytesBefore: sum(done.map(({ before }) => before)),
    bytesAfter: sum(done.map(({ after: bytes }) => bytes)),
  };
  if (!result.gone) await writeDown(client, ctx, work, result);
  return result;
}

async function findTables(
  client: PoolClient,
  ctx: FleetContext,
  id: string,
): Promise<Found | undefined> {
  try {
    const [found] = await runStatements(client, [
      fleetQuery("maintain/tenant-tables", [id, ctx.stack]),
    ]);
    return found?.rows[0] as unknown as Found | undefined;
  } catch (cause) {
    throw withoutBooks(ctx, cause);
  }
}

/** Bytes before and after. */
interface Sizes {
  readonly before: number;
  readonly after: number;
}

/** Does one table. @returns its sizes, or why it was left out */
async function attempt(
  client: PoolClient,
  owner: string,
  work: MaintenanceWork,
  { oid, name }: Table,
): Promise<Sizes | LeftOut> {
  try {
    const before = await sizeOf(client, oid);
    await inTurn(client, [maintenanceStatement(work, name)], workName(work));
    return { before, after: await sizeOf(client, oid) };
  } catch (error) {
    if (endsMaintenance(error)) throw error;
    return { name, ...(await judge(client, owner, error, oid)) };
  }
}

async function sizeOf(client: PoolClient, oid: string): Promise<number> {
  const [found] = await runStatements(client, [fleetQuery("maintain/table-size", [oid])]);
  return Number(found?.rows[0]?.bytes ?? 0);
}

/** Why a statement failed. */
async function judge(
  client: PoolClient,
  owner: string,
  error: unknown,
  oid: string,
): Promise<Pick<LeftOut, "why" | "reason">> {
  switch (sqlstateOf(error)) {
    case SQLSTATE.lockNotAvailable:
    case SQLSTATE.deadlockDetected:
      return { why: "busy", reason: await holdersOf(client, owner, oid) };
    case SQLSTATE.undefinedTable:
    case SQLSTATE.invalidSchemaName:
      return { why: "gone", reason: "it was dropped or renamed meanwhile" };
    default:
      return { why: "failed", reason: messageOf(error) };
  }
}

interface Holder {
  readonly pid: number;
  readonly user: string | null;
  readonly state: string | null;
  readonly seconds: number | null;
}

/** Who holds a table, as far as it is still held. PostgreSQL shows others' sessions to the administrator, not to the owner. */
async function holdersOf(client: PoolClient, owner: string, oid: string): Promise<string> {
  const doing = "looking who holds a table";
  const [, found] = await runStatements(client, [
    ...step(doing, ["reset role"]),
    fleetQuery("maintain/holders", [oid]),
    ...step(doing, [`set role ${quoteIdentifier(owner)}`]),
  ]);
  const holders = (found?.rows ?? []) as unknown as Holder[];
  if (holders.length === 0) return "an older transaction elsewhere was waited for in vain";
  return `held by ${holders
    .map(({ pid, user, state, seconds }) =>
      [
        `pid ${pid} of ${user ?? "the server"}`,
        ...(state === null ? [] : [state]),
        ...(seconds === null ? [] : [`for ${Math.round(seconds)} s`]),
      ].join(", "),
    )
    .join("; ")}`;
}

async function writeDown(
  client: PoolClient,
  ctx: FleetContext,
  work: MaintenanceWork,
  { id, tables, bytesBefore, bytesAfter, removed, leftOut }: TenantMaintenance,
): Promise<void> {
  const after = {
    ...{ work: workName(work), tables, bytes: bytesAfter },
    ...(removed.length > 0 && { removed }),
    ...(leftOut.length > 0 && { leftOut: leftOut.map(({ name, why }) => `${name} (${why})`) }),
  };
  await runStatements(client, [audit(ctx, DONE[work.does], id, { bytes: bytesBefore }, after)]);
}

const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);

/** An index that could not be removed before is tried again after, and told once. */
const unique = (leftOut: readonly LeftOut[]): LeftOut[] => [
  ...new Map(leftOut.map((one) => [one.name, one])).values(),
];

/** Each after the one before has ended well: outside of a transaction nothing else would stop them. */
async function inTurn(
  client: PoolClient,
  texts: readonly string[],
  doing = "preparing maintenance",
): Promise<void> {
  for (const statement of step(doing, texts)) await runStatements(client, [statement]);
}
