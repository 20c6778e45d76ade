import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import axe from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { PageData } from "../../../src/report/page/page-data.ts";
import { pagePolicy, renderPage } from "../../../src/report/page/render-page.ts";
import { chromiumMissing, startChromium } from "../../support/chromium.ts";
import { scratchDirectory } from "../../support/cluster.ts";
import { pageData } from "../../support/page-data.ts";

/** What is drawn of the tenants. */
const ROWS = 'document.querySelectorAll("#rows tbody tr:not([aria-hidden])")';
const GROUND = "getComputedStyle(document.body).backgroundColor";

const NASTY = `"><img src=x onerror=alert(1)><script>alert(1)</script>'&lt;\u202e</script>`;

describe("in a real Chromium", () => {
  beforeEach((context) => {
    if (chromiumMissing !== undefined) context.skip(chromiumMissing);
  });
  let browser: Browser | undefined;
  const directory = scratchDirectory("pages");
  beforeAll(async () => {
    if (chromiumMissing === undefined) browser = await startChromium();
  });
  afterAll(() => browser?.close());

  /** A page from a file, as somebody opens it; what the browser complains of. */
  async function open(data: PageData, options: BrowserContextOptions & { hash?: string } = {}) {
    const { hash = "", ...context } = options;
    const file = join(directory, `${crypto.randomUUID()}.html`);
    writeFileSync(file, renderPage(data));
    const page = await (await browser!.newContext(context)).newPage();
    const complaints = listen(page);
    await page.goto(`file://${file}${hash}`);
    return { page, complaints };
  }

  function listen(page: Page): string[] {
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", ({ message }) => complaints.push(message));
    page.on("dialog", (dialog) => {
      complaints.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    return complaints;
  }

  const rowsOf = (page: Page) => page.locator("#rows tbody tr:not([aria-hidden])");
  const ids = async (page: Page, number: number): Promise<string[]> =>
    (await rowsOf(page).locator("th").allTextContents()).slice(0, number);

  test.each(["light", "dark"] as const)(
    "axe finds nothing, %s",
    { timeout: 180_000 },
    async (colorScheme) => {
      for (const width of [1280, 390]) {
        const { page, complaints } = await open(pageData(200), {
          colorScheme,
          viewport: { width, height: 844 },
        });
        await page.evaluate(axe.source);
        const { violations, passes } = await page.evaluate<axe.AxeResults>("axe.run()");
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
        expect(passes.map(({ id }) => id)).toContain("color-contrast");
        expect(complaints).toEqual([]);
      }
    },
  );

  test("light and dark are the reader's choice", async () => {
    const ground = async (colorScheme: "light" | "dark"): Promise<unknown> => {
      const { page } = await open(pageData(3), { colorScheme });
      return page.evaluate(GROUND);
    };
    expect([await ground("light"), await ground("dark")]).toEqual([
      "rgb(246, 247, 249)",
      "rgb(18, 21, 26)",
    ]);
  });

  test("a column's heading sorts by it, by mouse and by keyboard, and says so", async () => {
    const { page } = await open(pageData(300));
    const size = page.getByRole("columnheader", { name: "Size" }).first();
    await size.getByRole("button").click();
    expect(await size.getAttribute("aria-sort")).toBe("descending");
    const largest = pageData(300).sizes.slice(0, 3);
    expect(await ids(page, 3)).toEqual(largest.map(({ tenant }) => tenant));
    await page.keyboard.press("Enter");
    expect(await size.getAttribute("aria-sort")).toBe("ascending");
    expect((await ids(page, 3)).includes(largest[0]!.tenant!)).toBe(false);
    await page.getByRole("columnheader", { name: "Tenant" }).getByRole("button").click();
    expect(await size.getAttribute("aria-sort")).toBe(null);
    expect(await ids(page, 2)).toEqual(["empresa_00000", "empresa_00001"]);
  });

  test("the filter takes several words, without accents, and the address keeps it", async () => {
    const { page } = await open(pageData(300));
    await page.getByLabel("Filter").fill("jose PEREZ strict");
    expect(await page.locator("#shown").textContent()).toMatch(/^\d+ of 300 tenants$/);
    const shown = await ids(page, 100);
    expect(shown.length).toBeGreaterThan(0);
    for (const id of shown) expect(Number(id.slice(-3)) % 25).toBe(3);
    await page.getByRole("columnheader", { name: "Size" }).first().getByRole("button").click();
    const sorted = await ids(page, 100);
    await page.reload();
    expect(await page.getByLabel("Filter").inputValue()).toBe("jose PEREZ strict");
    expect(await ids(page, 100)).toEqual(sorted);
    await page.getByLabel("Filter").fill("nothing is called so");
    expect(await page.locator("#shown").textContent()).toBe("0 of 300 tenants");
    expect(await ids(page, 1)).toEqual([]);
  });

  test("of ten thousand tenants those are drawn that are seen, down to the last one", async () => {
    const { page, complaints } = await open(pageData(10_000));
    expect(await rowsOf(page).count()).toBeLessThan(100);
    const view = page.getByRole("region", { name: "List of tenants" });
    await view.focus();
    await page.keyboard.press("End");
    await page.getByRole("rowheader", { name: "empresa_09999" }).waitFor({ state: "visible" });
    expect(await rowsOf(page).count()).toBeLessThan(100);
    expect(await rowsOf(page).last().getAttribute("aria-rowindex")).toBe("10001");
    expect(await page.getByRole("table").first().getAttribute("aria-rowcount")).toBe("10001");
    expect(complaints).toEqual([]);
  });

  test.each([390, 320])("at %i px nothing is wider than the screen", async (width) => {
    const wide = "x".repeat(48);
    const { page } = await open(
      pageData(200, {
        tenants: pageData(200).tenants.map((one) => ({ ...one, company: wide.repeat(5) })),
        slow: { missing: wide.repeat(9) },
      }),
      { viewport: { width, height: 844 }, isMobile: true, hasTouch: true },
    );
    const measured = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]");
    expect(measured).toEqual([width, width]);
  });

  test("print shows every tenant, in the colours of paper", async () => {
    const { page } = await open(pageData(500), { colorScheme: "dark" });
    await page.evaluate(
      `addEventListener("beforeprint", () => (globalThis.drawn = ${ROWS}.length))`,
    );
    const pdf = await page.pdf({ format: "A4" });
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    expect(await page.evaluate("drawn")).toBe(500);
    expect(await rowsOf(page).count()).toBeLessThan(100);
    await page.emulateMedia({ media: "print" });
    expect(await page.evaluate(GROUND)).toBe("rgb(255, 255, 255)");
    expect(await page.getByLabel("Filter").isVisible()).toBe(false);
  });

  test("HTML in names and queries stays text", async () => {
    const base = pageData(3);
    const [group] = "groups" in base.slow ? base.slow.groups : [];
    const { page, complaints } = await open({
      ...base,
      stack: NASTY,
      tenants: base.tenants.map((one) => ({ ...one, company: NASTY })),
      sizes: base.sizes.map((one) => ({ ...one, tenant: null, schema: NASTY })),
      slow: {
        since: null,
        forgotten: 0,
        groups: [NASTY, NASTY.repeat(20_000)].map((query) => ({
          ...group!,
          query,
          tenants: [{ tenant: NASTY, calls: 1, totalMs: 1 }],
        })),
      },
      locks: base.locks.map((tree) => ({
        ...tree,
        session: { ...tree.session, role: NASTY, wanted: NASTY, query: NASTY },
      })),
      settings: {
        declared: 1,
        differences: [{ name: NASTY, declared: NASTY, found: NASTY, needsRestart: false }],
      },
    });
    expect(complaints).toEqual([]);
    expect(await page.locator("img, main script:not([type])").count()).toBe(0);
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(NASTY);
    expect(await page.title()).toContain("<script>");
    expect(await rowsOf(page).locator("td").first().textContent()).toBe(NASTY);
    expect(await page.locator("#slow code").first().textContent()).toBe(NASTY);
    expect((await page.content()).length).toBeLessThan(200_000);
  });

  test("the page may open no connection, and run nothing but its own script", async () => {
    const { page, complaints } = await open(pageData(3));
    const outcome = await page.evaluate(`(async () => {
      const image = new Image();
      const loaded = new Promise((resolve) => {
        image.onload = () => resolve("loaded");
        image.onerror = () => resolve("refused");
      });
      image.src = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";
      const script = document.createElement("script");
      script.textContent = "document.title = 'owned'";
      document.body.append(script);
      const answer = await fetch("https://example.com/").then(() => "answered", () => "refused");
      return [await loaded, answer, document.title];
    })()`);
    expect(outcome).toEqual(["refused", "refused", "tenantry/prod – tenantry"]);
    expect(complaints.join("\n")).toMatch(
      /default-src 'none'.*script-src|script-src.*default-src/s,
    );
  });

  test("a page that renews itself keeps filter, order, focus and what is unfolded", async () => {
    let served = renderPage(pageData(300), { refreshSeconds: 0.2 });
    let status = 200;
    const server = createServer((_request, response) => {
      const headers = {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": pagePolicy({ refreshSeconds: 0.2 }),
      };
      response.writeHead(status, headers).end(served);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const page = await (await browser!.newContext()).newPage();
    const complaints = listen(page);
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.getByRole("columnheader", { name: "Size" }).first().getByRole("button").click();
    await page.locator("#slow summary").click();
    await page.getByLabel("Filter").fill("suspended");
    const before = await ids(page, 3);

    const next = pageData(300);
    const taken = new Date("2026-11-26T22:00:30Z");
    const company = "Nueva Razón Social";
    served = renderPage(
      {
        ...next,
        takenAt: taken,
        tenants: next.tenants.map((one) => ({ ...one, company })),
      },
      { refreshSeconds: 0.2 },
    );
    await page.locator(`time[datetime="${taken.toISOString()}"]`).waitFor();
    expect(await ids(page, 3)).toEqual(before);
    expect(await rowsOf(page).locator("td").first().textContent()).toBe(company);
    expect(await page.evaluate("document.activeElement.id")).toBe("filter");
    expect(await page.locator("#slow details").getAttribute("open")).toBe("");
    expect(complaints.filter((text) => !text.includes("favicon"))).toEqual([]);

    status = 503;
    await page.getByText("the server answered 503").waitFor();
    status = 200;
    await page.getByText("the server answered 503").waitFor({ state: "detached" });

    // Another form of the page: with a column less.
    served = renderPage(
      { ...next, growth: { readings: [], tenants: [] } },
      { refreshSeconds: 0.2 },
    );
    await page.getByRole("columnheader", { name: "Growth" }).waitFor({ state: "detached" });
    expect(await ids(page, 3)).toEqual(before);
    await page.context().close();
    await new Promise((resolve) => server.close(resolve));
  });
});
