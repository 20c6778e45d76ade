import { StackLock } from "./lock.ts";
import { hasJournal, lockDirectory, writing } from "./state-store.ts";
import type { StateLocation } from "./state-store.ts";

/**
 * Does work while no other engine may touch the stack. The lock stays as long as a journal does, which no other engine
 * would see; the next run of this one takes it over.
 *
 * @param warn hears of a lock that a dead engine left
 * @throws TNT-305, TNT-306, and what the work throws
 */
export async function withLock<T>(
  location: StateLocation,
  warn: (message: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const directory = lockDirectory(location);
  const { lock, takenOver } = await writing(location, () => StackLock.take(directory));
  if (takenOver) warn("The last run was killed; its lock is taken over.");
  try {
    return await work();
  } finally {
    if (hasJournal(location)) lock.abandon();
    else await lock.release();
  }
}
