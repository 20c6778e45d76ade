import { expect, test } from "vitest";
import { renderPage } from "../../../src/report/page/render-page.ts";
import { sizeChange } from "../../../src/report/page/size-change.ts";
import { pageData } from "../../support/page-data.ts";

const NOTHING = { readings: [], tenants: [] };

test("a difference of sizes has a sign", () => {
  expect([-12_582_912, 0, 188_416].map(sizeChange)).toEqual(["−12 MB", "+0 bytes", "+184 kB"]);
});

test("growth is drawn from two readings on", () => {
  expect(renderPage(pageData(5, { growth: NOTHING }))).not.toContain("Growth");
  const { readings } = pageData(5).growth;
  const once = { readings: readings.slice(0, 1), tenants: [] };
  expect(renderPage(pageData(5, { growth: once }))).not.toContain("Growth");
  const page = renderPage(pageData(5));
  expect(page).toContain("14 readings from 2026-11-13 22:00 UTC to 2026-11-26 22:00 UTC");
  expect(page).toMatch(/<path class="edge" d="M62,[\d.]+L/);
  expect(page).toContain('<td class="number">new</td>');
  expect(page).not.toContain("NaN");
});

test("a fleet of nobody, and readings of one moment, are drawn too", () => {
  expect(renderPage(pageData(0, { sizes: [], growth: NOTHING }))).not.toContain("NaN");
  const [reading] = pageData(1).growth.readings;
  const growth = { readings: [reading!, { ...reading! }], tenants: [] };
  const page = renderPage(pageData(1, { growth }));
  expect(page).toContain("No tenant grew.");
  expect(page).not.toContain("NaN");
});
