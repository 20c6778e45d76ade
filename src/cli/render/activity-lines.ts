import type { SessionFact } from "../../fleet/monitor/read-activity.ts";
import { counted, period } from "../../core/format.ts";
import { line } from "./line.ts";
import type { Line } from "./line.ts";
import { table } from "./table.ts";

const COLUMNS = [
  { title: "PID", align: "right" },
  { title: "FOR", align: "right" },
  { title: "TENANT" },
  { title: "ROLE", spare: 2 },
  { title: "STATE", spare: 1 },
  { title: "WAIT", spare: 3 },
  { title: "QUERY" },
] as const;

/** One tenant by its id, more by their number. */
export const tenantCell = (ids: readonly string[]): string =>
  ids.length > 1 ? counted(ids.length, "tenant") : (ids[0] ?? "-");

/** Sessions as a table; the idle only counted, unless all are asked for. */
export function activityLines(
  sessions: readonly SessionFact[],
  { all, width }: { readonly all: boolean; readonly width: number },
): Line[] {
  const idle = sessions.filter(({ state }) => state === "idle" || state === null);
  const shown = all ? sessions : sessions.filter((session) => !idle.includes(session));
  const rows = shown.map(({ pid, seconds, tenants, role, kind, state, wait, query }) => [
    String(pid),
    seconds === null ? "" : period(seconds),
    tenantCell(tenants),
    role ?? kind,
    state ?? "?",
    wait ?? "",
    query ?? "",
  ]);
  const hidden = sessions.length - shown.length;
  return [
    ...table(COLUMNS, rows, width),
    ...(hidden > 0 ? [line(`${counted(hidden, "session")} idle: --all`, "quiet")] : []),
  ];
}
