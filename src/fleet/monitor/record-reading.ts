import { fleetQuery } from "../fleet-query.ts";
import type { Reading } from "./read-growth.ts";
import { runAsMonitor } from "./read-monitor.ts";
import type { MonitorContext } from "./read-monitor.ts";

/**
 * Keeps how large the fleet is now, for `readGrowth`. The database measures it itself: the monitor chooses no more than
 * the moment. There is one reading a minute, of whoever takes it first; of the older ones the last of each of 48 hours
 * and of 400 days stay.
 *
 * @returns the reading of this minute
 * @throws {TenantryError} as `readMonitor`; TNT-870 also when the books are older than the readings
 */
export async function recordReading(ctx: MonitorContext): Promise<Reading> {
  const results = await runAsMonitor(ctx, [
    fleetQuery("fleet/record-reading"),
    fleetQuery("monitor/readings"),
  ]);
  const [[kept], readings] = results as [[Pick<Reading, "takenAt">], Reading[]];
  const reading = readings.find(({ takenAt }) => takenAt.getTime() === kept.takenAt.getTime());
  if (!reading) throw new TypeError("a reading that was taken is there in its transaction");
  return reading;
}
