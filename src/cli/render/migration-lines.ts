import type { FleetStatus, TenantStatus } from "../../core/fleet-status.ts";
import { columns } from "./columns.ts";
import { counted } from "../../core/format.ts";
import { line } from "./line.ts";
import type { Line } from "./line.ts";

const FILES = [{ title: "FILE" }, { title: "TENANTS TO GO", align: "right" }] as const;
const TENANTS = [
  { title: "ID" },
  { title: "VERSION", align: "right" },
  { title: "GOAL", align: "right" },
  { title: "STATUS" },
  { title: "WHY" },
] as const;

const table = (text: readonly string[]): Line[] =>
  text.map((one, index) => line(`  ${one}`, index === 0 ? "strong" : "plain"));

const firstLine = (text: string): string => text.split("\n", 1)[0] ?? "";

function why({ failure, canary }: TenantStatus): string {
  if (failure === null) return canary ? "canary" : "";
  const times = failure.attempts === 1 ? "" : ` (${failure.attempts} times)`;
  return firstLine(failure.message) + times;
}

/** How far a fleet is: the numbers, the files that are to go, and each tenant that is not at the newest. */
export function statusLines({ version, pending, counts, tenants }: FleetStatus): Line[] {
  const others = tenants.filter(({ status }) => status !== "current");
  const parts = Object.entries(counts).flatMap(([status, number]) =>
    number > 0 ? [`${number} ${status}`] : [],
  );
  return [
    line(
      `  newest migration ${version}; ${counted(tenants.length, "tenant")}: ${parts.join(", ") || "none"}`,
      "strong",
    ),
    ...(pending.length === 0
      ? []
      : [
          line(""),
          ...table(
            columns(
              FILES,
              pending.map((file) => [file.file, String(file.tenants)]),
            ),
          ),
        ]),
    ...(others.length === 0
      ? []
      : [
          line(""),
          ...table(
            columns(
              TENANTS,
              others.map((one) => [
                ...[one.id, String(one.version), String(one.goal), one.status, why(one)],
              ]),
            ),
          ),
        ]),
  ];
}
