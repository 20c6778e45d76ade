import type { MaintenanceWork, TableLock } from "../../core/maintenance.ts";
import type { UnfinishedRun } from "../../fleet/maintenance/maintain-fleet.ts";
import type { TenantMaintenance } from "../../fleet/maintenance/maintain-tenant.ts";
import type { TableSizes } from "../../fleet/maintenance/table-sizes.ts";
import { count, counted, moment, size } from "../../core/format.ts";
import { line } from "./line.ts";
import type { Line } from "./line.ts";

/** What is said before something that shuts others out: the lock, and the room it needs. */
export function lockWarning(
  work: MaintenanceWork,
  lock: TableLock,
  sizes: TableSizes | undefined,
): string[] {
  const room =
    sizes === undefined
      ? ["Each is written anew before the old one goes: the disk needs room for the largest twice."]
      : [
          `Each is written anew before the old one goes: up to ${size(sizes.bytes)} of free disk (${sizes.table}), ${size(sizes.allBytes)} in all are rewritten.`,
        ];
  return [
    `A table ${lock.shutsOut} while it is worked on (${lock.mode} lock).`,
    ...room,
    work.does === "reindex"
      ? "With --concurrently everybody can go on, and it takes longer."
      : "Without --full the room becomes usable for new rows, and everybody can go on.",
  ];
}

/** A tenant that was worked on, and what was noticed there. */
export function tenantMaintenanceLines(tenant: TenantMaintenance): Line[] {
  const { id, gone, tables, bytesBefore, bytesAfter, removed, leftOut, warnings } = tenant;
  if (gone) return [line(`  ${id}  was removed meanwhile`, "warning")];
  const freed = bytesBefore - bytesAfter;
  const change = freed > 0 ? `, ${size(freed)} freed` : "";
  return [
    line(`  ${id}  ${counted(tables, "table")}, ${size(bytesAfter)}${change}`),
    ...removed.map((name) => line(`    removed the left-over index ${name}`, "add")),
    ...leftOut.map(({ name, why, reason }) => line(`    ${why}: ${name}: ${reason}`, "warning")),
    ...warnings.map((text) => line(`    warning: ${text}`, "warning")),
  ];
}

/** That an interrupted run is gone on with, and how not to. */
export function resumeLine({ begunAt, done }: UnfinishedRun): Line {
  return line(
    `Going on with the run of ${moment(begunAt)} UTC, which was interrupted: ${count(done.length)} done. --from-start begins anew.`,
    "warning",
  );
}
