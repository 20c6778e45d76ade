import { withClient } from "../../postgres/with-client.ts";
import type { FleetContext } from "../context.ts";
import { fleetQuery } from "../fleet-query.ts";
import { readAll } from "../read-all.ts";

/** Connections of a role in a state. */
export interface ConnectionCount {
  readonly role: string;
  /** `idle`, `active`, `idle in transaction` ..; `(hidden)` where the administrator may not see it. */
  readonly state: string;
  readonly count: number;
  /** How long the longest has been in that state, in seconds; null where that is hidden. */
  readonly oldestSeconds: number | null;
  /** How many the role may have, whatever their state; null for as many as there are. */
  readonly roleLimit: number | null;
}

export interface ConnectionLimits {
  /** max_connections. */
  readonly limit: number;
  /** Kept back for superusers. */
  readonly forSuperusers: number;
  /** Kept back for members of pg_use_reserved_connections. */
  readonly reserved: number;
}

export interface Connections extends ConnectionLimits {
  /** The largest number first. */
  readonly counts: readonly ConnectionCount[];
}

/** The connections of the whole server, this one included, against its limits. */
export function readConnections(ctx: FleetContext): Promise<Connections> {
  return withClient(ctx.pool, async (client) => {
    const [counts, [limits]] = await readAll<[ConnectionCount, ConnectionLimits]>(client, [
      fleetQuery("monitor/connections"),
      fleetQuery("monitor/connection-limits"),
    ]);
    if (limits === undefined) throw new Error("a server without limits");
    return { ...limits, counts };
  });
}
