import { readMonitor } from "./read-monitor.ts";
import type { MonitorContext } from "./read-monitor.ts";

/** How large the fleet was once; see sql/monitor/readings.sql. */
export interface Reading {
  /** To the minute. */
  readonly takenAt: Date;
  /** Of the whole database. */
  readonly databaseBytes: number;
  /** The tables of all tenants, with their TOAST. */
  readonly dataBytes: number;
  readonly indexBytes: number;
  /** Sessions of clients. */
  readonly connections: number;
  readonly maxConnections: number;
  /** How many tenants there were, by state. */
  readonly states: Readonly<Record<string, number>>;
  /** How many there were, by the number of their last migration. */
  readonly versions: Readonly<Record<string, number>>;
}

/** How one tenant grew; see sql/monitor/growth.sql. */
export interface TenantGrowth {
  readonly tenant: string;
  readonly state: string;
  /** When the readings were taken that are compared. */
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** Tables with TOAST and indexes at the first one; null when the tenant was not there yet. */
  readonly firstBytes: number | null;
  /** The same at the last one: the sum of the next two. */
  readonly bytes: number;
  readonly dataBytes: number;
  readonly indexBytes: number;
  readonly grownBytes: number;
}

export interface GrowthFacts {
  /** Every reading that is kept, the oldest first: 448 at most. */
  readonly readings: readonly Reading[];
  /** The tenants that are there, the one that grew most first; none without a reading. */
  readonly tenants: readonly TenantGrowth[];
}

/**
 * How the fleet and its tenants grew, from the readings that `recordReading` keeps.
 *
 * @param since the tenants are compared from the first reading since then on. Default: from the oldest
 * @throws {TenantryError} as `readMonitor`
 */
export async function readGrowth(ctx: MonitorContext, since?: Date): Promise<GrowthFacts> {
  const limits = since === undefined ? {} : { since: since.toISOString() };
  const [readings, tenants] = await readMonitor<[Reading, TenantGrowth]>(
    ctx,
    ["readings", "growth"],
    limits,
  );
  return { readings, tenants };
}
