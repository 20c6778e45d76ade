import type { Connections } from "../../fleet/connections/read-connections.ts";
import type { IdleSession } from "../../fleet/connections/end-idle.ts";
import { columns } from "./columns.ts";
import { count, period } from "../../core/format.ts";
import { line } from "./line.ts";
import type { Line } from "./line.ts";
import { printable } from "./printable.ts";

const COUNTS = [
  { title: "ROLE" },
  { title: "STATE" },
  { title: "COUNT", align: "right" },
  { title: "OLDEST", align: "right" },
  { title: "ROLE'S LIMIT", align: "right" },
] as const;

const SESSIONS = [
  { title: "PID", align: "right" },
  { title: "ROLE" },
  { title: "IDLE", align: "right" },
  { title: "APPLICATION" },
] as const;

/** From this share of the limit on, a warning. */
const NEARLY_FULL = 0.8;

/** Who is connected, as a table. */
export function connectionLines({ counts }: Connections): Line[] {
  const rows = counts.map(({ role, state, count: number, oldestSeconds, roleLimit }) => [
    ...[printable(role), state, count(number), oldestSeconds === null ? "" : period(oldestSeconds)],
    roleLimit === null ? "" : count(roleLimit),
  ]);
  const [title = "", ...lines] = columns(COUNTS, rows);
  return [line(title, "strong"), ...lines.map((text) => line(text))];
}

/** How many connections there are of those that applications may have. */
export function limitLine({ counts, limit, forSuperusers, reserved }: Connections): Line {
  const used = counts.reduce((sum, one) => sum + one.count, 0);
  const free = limit - forSuperusers - reserved;
  const kept = [
    ...(forSuperusers > 0 ? [`${count(forSuperusers)} for superusers`] : []),
    ...(reserved > 0 ? [`${count(reserved)} reserved`] : []),
  ].join(", ");
  return line(
    `${count(used)} of ${count(free)} connections (max_connections ${count(limit)}${kept === "" ? "" : `: ${kept}`})`,
    used >= free * NEARLY_FULL ? "warning" : "quiet",
  );
}

/** Sessions that may be ended, as a table. */
export function idleLines(sessions: readonly IdleSession[]): Line[] {
  if (sessions.length === 0) return [];
  const rows = sessions.map(({ pid, role, seconds, application }) => [
    ...[String(pid), printable(role), period(seconds), printable(application)],
  ]);
  const [title = "", ...lines] = columns(SESSIONS, rows);
  return [line(title, "strong"), ...lines.map((text) => line(text))];
}
