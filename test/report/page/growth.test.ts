import { expect, test } from "vitest";
import { growthOf, sizeChange } from "../../../src/report/page/growth.ts";
import { renderPage } from "../../../src/report/page/render-page.ts";
import { pageData } from "../../support/page-data.ts";

const at = (day: number, tenants: Readonly<Record<string, number>>) => ({
  takenAt: new Date(Date.UTC(2026, 0, day)),
  databaseBytes: 1,
  tenants,
});

test("growth is what tenants gained that were there at both ends", () => {
  const growth = growthOf([
    at(1, { a: 10, gone: 5 }),
    at(2, { a: 90 }),
    at(3, { a: 30, b: 7, gone: 2 }),
  ]);
  expect([...(growth?.byTenant ?? [])]).toEqual([
    ["a", 20],
    ["gone", -3],
  ]);
  expect(growthOf([])).toBeUndefined();
  expect(growthOf([at(1, { a: 1 })])).toBeUndefined();
  expect([-12_582_912, 0, 188_416].map(sizeChange)).toEqual(["−12 MB", "+0 bytes", "+184 kB"]);
});

test("growth is drawn from two snapshots on", () => {
  expect(renderPage(pageData(5, { snapshots: [] }))).not.toContain("Growth");
  const page = renderPage(pageData(5));
  expect(page).toContain("14 snapshots from 2026-11-13 22:00 UTC to 2026-11-26 22:00 UTC");
  expect(page).toMatch(/<path class="edge" d="M62,[\d.]+L/);
  expect(page).not.toContain("NaN");
});

test("a fleet of nobody, and snapshots of one moment, are drawn too", () => {
  expect(renderPage(pageData(0, { sizes: [] }))).not.toContain("NaN");
  const same = at(1, { empresa_00000: 1 });
  expect(renderPage(pageData(1, { snapshots: [same, { ...same }] }))).not.toContain("NaN");
});
