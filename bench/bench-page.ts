import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { renderPage } from "../src/report/page/render-page.ts";
import { chromiumMissing, startChromium } from "../test/support/chromium.ts";
import { pageData } from "../test/support/page-data.ts";
import { median, timed } from "./figure.ts";
import type { Figure } from "./figure.ts";

const TENANTS = 10_000;
const MOST_BYTES = 5_000_000;

/** What the page of ten thousand tenants takes; in a browser, or why it was not measured there. */
export async function benchPage(): Promise<{ figures: Figure[]; notMeasured?: string }> {
  const data = pageData(TENANTS);
  let page = "";
  const seconds = await median(5, () => timed(() => (page = renderPage(data))));
  const bytes = Buffer.byteLength(page);
  const rendered = {
    name: "page of 10,000 tenants: rendered",
    seconds,
    against: `5 MB: it has ${(bytes / 1e6).toFixed(2)} MB`,
    ratio: bytes / MOST_BYTES,
    limit: 1,
  };
  if (chromiumMissing !== undefined)
    return {
      figures: [rendered],
      notMeasured: `The page is not measured in a browser: ${chromiumMissing}`,
    };
  const browser = await startChromium();
  try {
    return { figures: [rendered, ...(await inBrowser(browser, page))] };
  } finally {
    await browser.close();
  }
}

/** From its file until it has answered to the first word in its filter; then how long an order takes. */
async function inBrowser(browser: Browser, html: string): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), "tenantry-bench-"));
  const file = join(directory, "page.html");
  writeFileSync(file, html);
  const sorts: number[] = [];
  const opened = await median(5, async () => {
    const tab = await browser.newPage();
    const seconds = await timed(async () => {
      await tab.goto(`file://${file}`);
      await tab.getByLabel("Filter").fill("empresa_09999");
      await tab.getByRole("rowheader", { name: "empresa_09999" }).waitFor();
    });
    await tab.getByLabel("Filter").fill("");
    const size = tab.getByRole("button", { name: "Size" });
    sorts.push(await timed(() => size.click()));
    await tab.close();
    return seconds;
  });
  rmSync(directory, { recursive: true });
  return [
    { name: "page of 10,000 tenants: opened until it filters", seconds: opened, goal: 2 },
    { name: "page of 10,000 tenants: sorted", seconds: Math.max(...sorts), goal: 0.5 },
  ];
}
