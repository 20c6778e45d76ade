import { lockOf } from "../../../src/core/maintenance.ts";
import type { MaintenanceWork } from "../../../src/core/maintenance.ts";
import { expect, test } from "vitest";
import {
  lockWarning,
  resumeLine,
  tenantMaintenanceLines,
} from "../../../src/cli/render/maintenance-lines.ts";

const MB = 2 ** 20;
const sizes = { table: "tenant_a.payroll", bytes: 30 * MB, allBytes: 90 * MB };
const tenant = {
  ...{ id: "a", gone: false, tables: 8, bytesBefore: 40 * MB, bytesAfter: 15 * MB },
  ...{ removed: [], leftOut: [], warnings: [] },
};

const warn = (work: MaintenanceWork, known: typeof sizes | undefined) => {
  const lock = lockOf(work);
  return lock && lockWarning(work, lock, known);
};

test("the lock and the room are named before anybody is shut out", () => {
  expect(warn({ does: "vacuum", full: true, analyze: false }, sizes)).toEqual([
    "A table can be neither read nor written while it is worked on (ACCESS EXCLUSIVE lock).",
    "Each is written anew before the old one goes: up to 30 MB of free disk (tenant_a.payroll), 90 MB in all are rewritten.",
    "Without --full the room becomes usable for new rows, and everybody can go on.",
  ]);
  expect(warn({ does: "reindex", concurrently: false }, undefined)).toEqual([
    "A table cannot be written, and its indexes not read, while it is worked on (SHARE lock).",
    "Each is written anew before the old one goes: the disk needs room for the largest twice.",
    "With --concurrently everybody can go on, and it takes longer.",
  ]);
});

test("a tenant is a line, with what was noticed there below", () => {
  const busy = { name: "tenant_a.payroll", why: "busy" as const, reason: "held by pid 7 of ana" };
  const texts = tenantMaintenanceLines({
    ...tenant,
    removed: ["tenant_a.x_ccnew"],
    leftOut: [busy],
    warnings: ["skipping it"],
  }).map(({ text }) => text);
  expect(texts).toEqual([
    "  a  8 tables, 15 MB, 25 MB freed",
    "    removed the left-over index tenant_a.x_ccnew",
    "    busy: tenant_a.payroll: held by pid 7 of ana",
    "    warning: skipping it",
  ]);
  expect(tenantMaintenanceLines({ ...tenant, bytesAfter: 50 * MB })[0]?.text).not.toContain(
    "freed",
  );
  expect(tenantMaintenanceLines({ ...tenant, gone: true })).toMatchObject([
    { text: "  a  was removed meanwhile" },
  ]);
});

test("whoever goes on with a run is told of which, and how not to", () => {
  const begunAt = new Date("2030-01-02T03:04:05Z");
  expect(resumeLine({ runId: "r", begunAt, done: ["a", "b"] }).text).toBe(
    "Going on with the run of 2030-01-02 03:04 UTC, which was interrupted: 2 done. --from-start begins anew.",
  );
});
