/** How often, and after which pauses, work that lost a lock is tried again: some 3 s in all, beside the waits. */
const PAUSES_MS = [50, 150, 400, 900, 1500];

/** How often work that lost a lock is tried in all, where it is not said. */
export const MAX_ATTEMPTS = PAUSES_MS.length + 1;

/**
 * The same where partitions are attached, detached or dropped. Each attempt takes some 4 s to get its locks, but makes
 * others wait for moments only, so more are good manners: some 80 s in all, as a report that reads a whole shared table
 * may take.
 */
export const PARTITION_ATTEMPTS = 15;

/**
 * The pause before another attempt: longer each time, up to 1.5 s.
 *
 * @param attempt how many attempts failed so far, from 1
 * @param random from 0 up to 1: spreads what failed together
 */
export function pauseBefore(attempt: number, random: number): number {
  const pause = PAUSES_MS[Math.min(attempt, PAUSES_MS.length) - 1] ?? 0;
  return Math.round(pause * (0.5 + random));
}
