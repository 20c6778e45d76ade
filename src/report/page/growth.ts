import { size } from "../../core/format.ts";
import type { FleetSnapshot } from "./page-data.ts";

/** How a fleet grew between the first and the last of its snapshots. */
export interface Growth {
  readonly first: FleetSnapshot;
  readonly last: FleetSnapshot;
  /** Bytes that each tenant of both snapshots gained, by its key. */
  readonly byTenant: ReadonlyMap<string, number>;
}

/** Undefined where there are not two moments to compare. @param snapshots the oldest first */
export function growthOf(snapshots: readonly FleetSnapshot[]): Growth | undefined {
  const [first, last] = [snapshots[0], snapshots.at(-1)];
  if (first === undefined || last === undefined || first === last) return undefined;
  const byTenant = new Map<string, number>();
  for (const [key, bytes] of Object.entries(last.tenants)) {
    const before = first.tenants[key];
    if (before !== undefined) byTenant.set(key, bytes - before);
  }
  return { first, last, byTenant };
}

/** A difference of sizes: `+184 kB`, `−12 MB`. */
export const sizeChange = (bytes: number): string =>
  `${bytes < 0 ? "−" : "+"}${size(Math.abs(bytes))}`;
