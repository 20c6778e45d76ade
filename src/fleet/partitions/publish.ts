import { channel } from "node:diagnostics_channel";
import type { PartitionEvents } from "../../core/partition-events.ts";

/** Tells whoever listens; costs nothing when nobody does. */
export function publish<Name extends keyof PartitionEvents>(
  name: Name,
  event: PartitionEvents[Name],
): void {
  channel(name).publish(event);
}
