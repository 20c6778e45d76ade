import { expect, test } from "vitest";
import {
  lockOf,
  maintenanceStatement,
  patienceFor,
  workersFor,
} from "../../src/core/maintenance.ts";
import type { MaintenanceWork } from "../../src/core/maintenance.ts";

const table = 'tenant_a."Odd ""x"';

test.each<[MaintenanceWork, string]>([
  [{ does: "vacuum", full: false, analyze: false }, `vacuum ${table}`],
  [{ does: "vacuum", full: false, analyze: true }, `vacuum (analyze) ${table}`],
  [{ does: "vacuum", full: true, analyze: true }, `vacuum (full, analyze) ${table}`],
  [{ does: "reindex", concurrently: false }, `reindex table ${table}`],
  [{ does: "reindex", concurrently: true }, `reindex table concurrently ${table}`],
  [{ does: "analyze" }, `analyze ${table}`],
])("%j", (work, statement) => {
  expect(maintenanceStatement(work, table)).toBe(statement);
});

test("what shuts others out waits briefly, since they queue behind it", () => {
  const full: MaintenanceWork = { does: "vacuum", full: true, analyze: false };
  expect(lockOf(full)?.mode).toBe("ACCESS EXCLUSIVE");
  expect(lockOf({ does: "reindex", concurrently: false })?.mode).toBe("SHARE");
  expect(lockOf({ does: "reindex", concurrently: true })).toBeUndefined();
  expect(lockOf({ ...full, full: false })).toBeUndefined();
  expect(patienceFor(full)).toBeLessThan(patienceFor({ does: "analyze" }));
  // Two at once would need the room of two tables.
  expect(workersFor(full)).toBe(1);
});
