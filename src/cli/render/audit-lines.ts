import { auditChanges } from "../../core/audit-change.ts";
import type { AuditEntry } from "../../fleet/read-audit-log.ts";
import { columns } from "./columns.ts";
import { line } from "./line.ts";
import type { Line } from "./line.ts";
import { printable } from "./printable.ts";

const COLUMNS = [
  { title: "TIME (UTC)" },
  { title: "RUN" },
  { title: "ACTOR" },
  { title: "ACTION" },
  { title: "TENANT" },
  { title: "WHAT" },
] as const;

/** As many characters of a run's id as tell runs apart. */
const RUN = 8;

/** The audit log as a table, what was changed last since it may be long. */
export function auditLines(entries: readonly AuditEntry[]): Line[] {
  const rows = entries.map((entry) => [
    entry.createdAt.toISOString().slice(0, 19).replace("T", " "),
    printable(entry.run?.slice(0, RUN) ?? "-"),
    printable(entry.actor),
    printable(entry.action),
    printable(entry.tenant ?? "-"),
    whatOf(entry),
  ]);
  const [title = "", ...lines] = columns(COLUMNS, rows);
  return [line(title, "strong"), ...lines.map((text) => line(text))];
}

function whatOf({ before, after }: AuditEntry): string {
  return auditChanges(before, after)
    .map(({ name, before: from, after: to }) => {
      const value =
        from === undefined
          ? show(to)
          : to === undefined
            ? show(from)
            : `${show(from)} => ${show(to)}`;
      return name === "" ? value : `${printable(name)} ${value}`;
    })
    .join(", ");
}

/** Words as they are, anything else as JSON. */
const show = (value: unknown): string =>
  printable(
    typeof value === "string" && /^[\w.:/-]+$/.test(value) ? value : JSON.stringify(value ?? null),
  );
