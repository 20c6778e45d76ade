import type { LockNode } from "../../core/monitor/lock-tree.ts";
import type { SettingDifference } from "../../core/setting-differences.ts";
import type { TenantIsolation, TenantState } from "../../core/tenant.ts";
import type { LockFact } from "../../fleet/monitor/read-locks.ts";
import type { SizeFact } from "../../fleet/monitor/read-sizes.ts";
import type { SlowFacts } from "../../fleet/monitor/read-slow.ts";
import type { StatusFacts } from "../../fleet/monitor/read-status.ts";

/** A tenant as the page lists it; see sql/monitor/tenants.sql. */
export interface PageTenant {
  readonly id: string;
  readonly company: string;
  readonly state: TenantState;
  readonly isolation: TenantIsolation;
  /** The number of its last migration. */
  readonly version: number;
  /** The migration it is held at. */
  readonly pin: number | null;
  /** The migration that failed for it. */
  readonly failedMigration: number | null;
  /** Age of its newest proven archive; null without one. */
  readonly provenSeconds: number | null;
}

/** How large the fleet was once. */
interface PageReading {
  readonly takenAt: Date;
  readonly databaseBytes: number;
  /** How many tenants there were, by state. */
  readonly states: Readonly<Record<string, number>>;
}

/** How a tenant grew from the first of the readings to the last. */
interface PageTenantGrowth {
  /** Its id. */
  readonly tenant: string;
  /** Null when it was not there yet. */
  readonly firstBytes: number | null;
  readonly bytes: number;
  readonly grownBytes: number;
}

/** How the fleet and its tenants grew, by readings that were kept: what is shown of `GrowthFacts`. */
export interface PageGrowth {
  /** The oldest first; growth is drawn from two on. */
  readonly readings: readonly PageReading[];
  /** The one that grew most first. */
  readonly tenants: readonly PageTenantGrowth[];
}

/** All that the page shows: plain data, which `JSON.stringify` takes as it is. */
export interface PageData {
  readonly takenAt: Date;
  /** Whose page it is: `<project>/<stack>`. */
  readonly stack: string;
  readonly status: StatusFacts;
  readonly tenants: readonly PageTenant[];
  /** Bytes of every schema, largest first. */
  readonly sizes: readonly SizeFact[];
  readonly growth: PageGrowth;
  /** Texts without literals; or why nobody counts them. */
  readonly slow: SlowFacts | { readonly missing: string };
  /** Who waits for whom, texts without literals. */
  readonly locks: readonly LockNode<LockFact>[];
  readonly settings: {
    /** How many settings are declared. */
    readonly declared: number;
    readonly differences: readonly SettingDifference[];
  };
}
