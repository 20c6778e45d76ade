import { channel } from "node:diagnostics_channel";

/** A scope that ended. */
export interface TenantScopeEvent {
  /** The tenant's id; null for the side that all share. */
  readonly value: string | null;
  /** Statements that were sent for the application. */
  readonly count: number;
  /** Milliseconds from asking for a connection to giving it back. */
  readonly duration: number;
  /** The attempt, from 1. */
  readonly attempt: number;
  /** What it failed with; undefined when it was saved. Never a bound value, but a text of PostgreSQL may quote data. */
  readonly error: unknown;
}

/** Each channel of `node:diagnostics_channel` that the library publishes to, and what its messages are. */
export interface TenantryEvents {
  /** When a scope ended, well or not. */
  "tenantry:tenant.scope": TenantScopeEvent;
}

/** Scopes that ended. */
export const SCOPE_CHANNEL = "tenantry:tenant.scope" satisfies keyof TenantryEvents;

const channels = { [SCOPE_CHANNEL]: channel(SCOPE_CHANNEL) } as const;

/** Publishes an event, which is made only when somebody listens. */
export function publish<Name extends keyof TenantryEvents>(
  name: Name,
  event: () => TenantryEvents[Name],
): void {
  if (channels[name].hasSubscribers) channels[name].publish(event());
}
