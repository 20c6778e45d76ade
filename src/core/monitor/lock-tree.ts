/** A session that waits for others, or is waited for; see sql/monitor/locks.sql. */
export interface LockSession {
  /** 0 is a prepared transaction. */
  readonly pid: number;
  /** Those it waits for. */
  readonly blockers: readonly number[];
}

/** A session with those that wait for it. */
export interface LockNode<S extends LockSession> {
  readonly session: S;
  readonly waiters: readonly LockNode<S>[];
  /** It stands, with its waiters, elsewhere in the trees too: there they are told. */
  readonly repeated: boolean;
}

/**
 * Who blocks whom, as trees: at the roots those who wait for nobody. A session that waits for several stands below
 * each; its own waiters are told once. Sessions that wait for each other have no root: the one of the lowest pid is
 * taken for it.
 */
export function lockTrees<S extends LockSession>(sessions: readonly S[]): LockNode<S>[] {
  const sorted = sessions.toSorted((a, b) => a.pid - b.pid);
  const waitersOf = new Map<number, S[]>();
  for (const session of sorted)
    for (const blocker of new Set(session.blockers))
      waitersOf.set(blocker, [...(waitersOf.get(blocker) ?? []), session]);
  const told = new Set<number>();
  const grow = (session: S): LockNode<S> => {
    const repeated = told.has(session.pid);
    told.add(session.pid);
    const waiters = repeated ? [] : (waitersOf.get(session.pid) ?? []).map(grow);
    return { session, waiters, repeated };
  };
  const known = new Set(sorted.map(({ pid }) => pid));
  const isRoot = ({ blockers }: S): boolean => !blockers.some((pid) => known.has(pid));
  const trees = sorted.filter(isRoot).map(grow);
  for (const session of sorted) if (!told.has(session.pid)) trees.push(grow(session));
  return trees;
}
