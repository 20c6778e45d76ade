import { counted, period } from "../../../core/format.ts";
import type { LockNode } from "../../../core/monitor/lock-tree.ts";
import type { LockFact } from "../../../fleet/monitor/read-locks.ts";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import type { PageData } from "../page-data.ts";
import { queryMarkup } from "../query.ts";

/** How many sessions are told. */
const MOST = 100;

/** Who blocks whom: below each session those that wait for it. */
export function locksSection({ locks }: PageData): Markup {
  const room = { left: MOST };
  const hidden = locks.reduce((sum, tree) => sum + sizeOf(tree), 0) - MOST;
  return markup`<div id="locks-live" data-live>
${locks.length === 0 ? markup`<p>Nobody waits for a lock.</p>` : markup`<ul class="locks">${locks.map((tree) => node(tree, room))}</ul>`}
${hidden > 0 ? markup`<p>${counted(hidden, "session")} more: <code>npx tenantry locks</code></p>` : ""}
</div>`;
}

const sizeOf = ({ waiters }: LockNode<LockFact>): number =>
  waiters.reduce((sum, waiter) => sum + sizeOf(waiter), 1);

function node({ session, waiters, repeated }: LockNode<LockFact>, room: { left: number }): Markup {
  if (room.left <= 0) return markup``;
  room.left -= 1;
  const { pid, role, state, seconds, wanted, query } = session;
  const name = pid === 0 ? "a prepared transaction" : `pid ${pid}`;
  const facts = [
    role,
    state,
    seconds === null ? null : period(seconds),
    wanted === null || wanted === "" ? null : `waits for ${wanted}`,
    repeated ? "its waiters stand above" : null,
  ];
  const below = waiters.map((waiter) => node(waiter, room));
  return markup`<li><div><strong>${name}</strong> ${facts.filter((fact) => fact !== null).join(", ")}</div>${query === null || query === "" ? "" : queryMarkup(query, `lock-${pid}-${room.left}`)}${below.length === 0 ? "" : markup`<ul>${below}</ul>`}</li>
`;
}
