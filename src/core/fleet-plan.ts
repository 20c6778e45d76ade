import { createHash } from "node:crypto";
import { shareOf } from "./share.ts";
import type { Share } from "./share.ts";

/** How migrations reach a fleet. */
export interface MigrationPolicy {
  /** The tenants that go first, by id or as a share of the fleet. None: there is no first. */
  readonly canary: readonly string[] | Share;
  /** The most tenants that may fail, as a number or a share of the fleet. Default: any number. */
  readonly maxFailures?: number | Share;
  /** Tenants a wave. */
  readonly wave: number;
}

export const DEFAULT_POLICY: MigrationPolicy = { canary: [], wave: 100 };

/** A tenant as far as the plan is concerned; see sql/fleet/members.sql. */
export interface FleetMember {
  readonly id: string;
  /** Whether it goes to the newest migration: it is not pinned below. */
  readonly follows: boolean;
  /** Whether it lacks a migration or a partition. */
  readonly behind: boolean;
  /** Whether it failed in an earlier run. */
  readonly failed: boolean;
}

/** Tenants that are migrated at the same time; the next stage begins when all of them have ended. */
export interface Stage {
  readonly isCanary: boolean;
  readonly tenants: readonly string[];
  /** How many tenants of the run may have failed for it to go on. */
  readonly mayFail: number;
}

/**
 * Which tenants are migrated, and in which order: the canaries, of which none may fail, and then wave after wave.
 * Those that failed before come last, so that they do not use up what may fail before the others had their turn.
 *
 * A share picks its canaries by a digest of their ids: the same ones in each run, whoever else comes and goes.
 */
export function planFleet(members: readonly FleetMember[], policy: MigrationPolicy): Stage[] {
  const canaries = canariesOf(members, policy.canary);
  const behind = members.filter((member) => member.behind);
  const first = behind.filter(({ id }) => canaries.has(id));
  const rest = behind
    .filter(({ id }) => !canaries.has(id))
    .toSorted((a, b) => Number(a.failed) - Number(b.failed));
  const mayFail = mostFailures(policy.maxFailures, members.length);
  const waves = Array.from({ length: Math.ceil(rest.length / policy.wave) }, (_, index) =>
    rest.slice(index * policy.wave, (index + 1) * policy.wave),
  );
  return [
    ...(first.length > 0 ? [{ isCanary: true, tenants: ids(first), mayFail: 0 }] : []),
    ...waves.map((wave) => ({ isCanary: false, tenants: ids(wave), mayFail })),
  ];
}

const ids = (members: readonly FleetMember[]): string[] => members.map(({ id }) => id);

/** The ids of the tenants that go first. */
export function canariesOf(
  members: readonly FleetMember[],
  canary: MigrationPolicy["canary"],
): ReadonlySet<string> {
  if (typeof canary !== "string") return new Set(canary);
  const followers = ids(members.filter(({ follows }) => follows));
  const digest = new Map(
    followers.map((id) => [id, createHash("sha256").update(id).digest("hex")] as const),
  );
  const order = followers.toSorted((a, b) =>
    (digest.get(a) ?? "") < (digest.get(b) ?? "") ? -1 : 1,
  );
  return new Set(order.slice(0, Math.ceil(shareOf(canary, followers.length))));
}

function mostFailures(most: MigrationPolicy["maxFailures"], tenants: number): number {
  if (most === undefined) return Infinity;
  return typeof most === "number" ? most : Math.floor(shareOf(most, tenants));
}
