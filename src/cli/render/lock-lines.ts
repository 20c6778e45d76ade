import type { LockNode } from "../../core/monitor/lock-tree.ts";
import type { LockFact } from "../../fleet/monitor/read-locks.ts";
import { period } from "../../core/format.ts";
import { line } from "./line.ts";
import type { Line } from "./line.ts";
import { table } from "./table.ts";

const COLUMNS = [
  { title: "PID" },
  { title: "FOR", align: "right" },
  { title: "ROLE", spare: 1 },
  { title: "STATE", spare: 3 },
  { title: "WAITS FOR", spare: 2 },
  { title: "QUERY" },
] as const;

/** Who blocks whom: a session's waiters stand below it, two columns further in. */
export function lockLines(trees: readonly LockNode<LockFact>[], width: number): Line[] {
  if (trees.length === 0) return [line("nobody waits for a lock")];
  return table(
    COLUMNS,
    trees.flatMap((tree) => rowsOf(tree, 0)),
    width,
  );
}

function rowsOf({ session, waiters, repeated }: LockNode<LockFact>, depth: number): string[][] {
  const { pid, role, state, seconds, wanted, query } = session;
  const name = pid === 0 ? "prepared" : `${pid}${repeated ? " (above)" : ""}`;
  const own = [
    "  ".repeat(depth) + name,
    seconds === null ? "" : period(seconds),
    role ?? "",
    state ?? "",
    wanted ?? "",
    query ?? "",
  ];
  return [own, ...waiters.flatMap((waiter) => rowsOf(waiter, depth + 1))];
}
