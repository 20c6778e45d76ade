import { TenantryError } from "../../core/errors.ts";
import { readGrowth } from "../../fleet/monitor/read-growth.ts";
import { readLocks } from "../../fleet/monitor/read-locks.ts";
import { readMonitor } from "../../fleet/monitor/read-monitor.ts";
import type { MonitorContext } from "../../fleet/monitor/read-monitor.ts";
import { readSettings } from "../../fleet/monitor/read-settings.ts";
import type { SizeFact } from "../../fleet/monitor/read-sizes.ts";
import { readSlow } from "../../fleet/monitor/read-slow.ts";
import { readStatus } from "../../fleet/monitor/read-status.ts";
import type { PageData, PageTenant } from "./page-data.ts";

interface PageSources {
  /** The folder sql/, whose newest migration the tenants are compared with. */
  readonly sqlDirectory: string;
  /** The settings that the server should have, as in postgresql.conf. */
  readonly declared: Readonly<Record<string, string>>;
}

/**
 * Looks at everything that the page shows, in a fixed number of queries, with the monitor's login alone.
 *
 * @throws {TenantryError} as `readStatus` and `readMonitor`. A missing pg_stat_statements is none: the page says so.
 */
export async function readPageData(
  ctx: MonitorContext,
  { sqlDirectory, declared }: PageSources,
): Promise<PageData> {
  const status = await readStatus(ctx, sqlDirectory);
  const [tenants, sizes] = await readMonitor<[PageTenant, SizeFact]>(ctx, ["tenants", "sizes"]);
  return {
    takenAt: new Date(),
    stack: ctx.stack,
    status,
    tenants,
    sizes,
    growth: await readGrowth(ctx),
    slow: await slowOrWhyNot(ctx),
    locks: await readLocks(ctx),
    settings: {
      declared: Object.keys(declared).length,
      differences: await readSettings(ctx, declared),
    },
  };
}

async function slowOrWhyNot(ctx: MonitorContext): Promise<PageData["slow"]> {
  try {
    return await readSlow(ctx);
  } catch (error) {
    if (error instanceof TenantryError && error.code === "TNT-871")
      return { missing: error.message };
    throw error;
  }
}
