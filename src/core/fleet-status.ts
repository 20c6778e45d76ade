import { canariesOf } from "./fleet-plan.ts";
import type { FleetMember, MigrationPolicy } from "./fleet-plan.ts";
import { newestVersion } from "./migration.ts";
import type { Migration } from "./migration.ts";
import type { TenantState } from "./tenant.ts";

/** What the books say about a tenant's migrations; see sql/fleet/members.sql. */
export interface FleetFact extends FleetMember {
  /** The value of the partition key. */
  readonly key: string;
  readonly state: TenantState;
  readonly version: number;
  readonly pin: number | null;
  /** What its schema should hold; null when nobody knows. */
  readonly fingerprint: string | null;
  /** Whether it has its partition of each shared table. */
  readonly attached: boolean;
  /** The migration that failed; null when it was a partition, or nothing. */
  readonly failedNumber: number | null;
  readonly failedMessage: string | null;
  readonly attempts: number | null;
  readonly failedAt: Date | null;
}

/** Why a tenant stays where it is. */
export interface MigrationFailure {
  /** The file; null for a partition of a shared table. */
  readonly file: string | null;
  readonly message: string;
  readonly attempts: number;
  readonly failedAt: Date;
}

/** How far a tenant is. */
export interface TenantStatus {
  readonly id: string;
  readonly version: number;
  /** Where it should be: at its pin, or at the newest. */
  readonly goal: number;
  readonly status: "current" | "pinned" | "behind" | "failed";
  readonly canary: boolean;
  readonly failure: MigrationFailure | null;
}

/** How far a fleet is. */
export interface FleetStatus {
  /** The newest migration. */
  readonly version: number;
  /** The files that tenants still lack, and how many do. */
  readonly pending: readonly { readonly file: string; readonly tenants: number }[];
  readonly counts: Readonly<Record<TenantStatus["status"], number>>;
  readonly tenants: readonly TenantStatus[];
}

/** Says of each tenant how far it is, and of each file who lacks it. Retired tenants do not count. */
export function fleetStatus(
  files: readonly Migration[],
  facts: readonly FleetFact[],
  { canary }: Pick<MigrationPolicy, "canary">,
): FleetStatus {
  const version = newestVersion(files);
  const canaries = canariesOf(facts, canary);
  const tenants = facts.map((fact): TenantStatus => {
    const goal = Math.min(fact.pin ?? version, version);
    const { id, version: at } = fact;
    return {
      ...{ id, version: at, goal, status: statusOf(fact) },
      canary: canaries.has(id),
      failure: failureOf(fact, files),
    };
  });
  const lacks = (number: number) =>
    tenants.filter((tenant) => tenant.version < number && number <= tenant.goal).length;
  const of = (status: TenantStatus["status"]) =>
    tenants.filter((tenant) => tenant.status === status).length;
  return {
    version,
    pending: files
      .map(({ name, number }) => ({ file: `sql/tenant/${name}`, tenants: lacks(number) }))
      .filter((file) => file.tenants > 0),
    counts: {
      current: of("current"),
      pinned: of("pinned"),
      behind: of("behind"),
      failed: of("failed"),
    },
    tenants,
  };
}

function statusOf({ failed, behind, follows }: FleetFact): TenantStatus["status"] {
  // What failed and was then put right by hand is no failure any more.
  if (behind) return failed ? "failed" : "behind";
  return follows ? "current" : "pinned";
}

function failureOf(fact: FleetFact, files: readonly Migration[]): MigrationFailure | null {
  const { failedNumber: number, failedMessage: message, attempts, failedAt } = fact;
  if (!fact.behind || message === null || attempts === null || failedAt === null) return null;
  const name = number === null ? undefined : files[number - 1]?.name;
  const file = name === undefined ? null : `sql/tenant/${name}`;
  return { file, message, attempts, failedAt };
}
