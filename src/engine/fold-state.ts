import { readLocks } from "./lock.ts";
import type { PendingOperation } from "./resource.ts";
import {
  foldLeftover,
  hasJournal,
  keepDamagedJournal,
  loadState,
  lockDirectory,
  removeJournal,
} from "./state-store.ts";
import type { StateLocation } from "./state-store.ts";
import { withLock } from "./with-lock.ts";

export interface FoldOptions extends StateLocation {
  /** Go on without what a damaged journal held from its first damaged line on. */
  readonly acceptLoss: boolean;
}

/** What became of what a killed run left. */
export interface Folded {
  /** Whether there was a journal. */
  readonly folded: boolean;
  /** Where the whole of a damaged journal is kept. */
  readonly kept?: string;
  /** What was under way when the run was killed: done or not, the state cannot tell. */
  readonly pending: readonly PendingOperation[];
}

/**
 * Puts what a killed run left in its journal into the state, where every engine sees it, and removes its lock. Does
 * nothing else.
 *
 * @throws TNT-320 when the journal is damaged and no loss is accepted; TNT-321, TNT-302 to TNT-307
 */
export async function foldState({ acceptLoss, ...location }: FoldOptions): Promise<Folded> {
  const isThere = hasJournal(location);
  const locks = await readLocks(lockDirectory(location));
  if (!isThere && locks.length === 0) return { folded: false, pending: [] };
  const ignore = (): void => undefined;
  return await withLock(location, ignore, async () => {
    const state = await loadState(location, { acceptLoss });
    const kept = state.isDamaged ? { kept: await keepDamagedJournal(location) } : {};
    const { checkpoint } = await foldLeftover(location, state);
    await removeJournal(location);
    return { folded: isThere, ...kept, pending: checkpoint.pending };
  });
}
