import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";

const PROGRAM = process.env.TENANTRY_CHROMIUM ?? "/usr/bin/chromium";

/** Why no browser can be started here; undefined when one can. */
export const chromiumMissing = existsSync(PROGRAM)
  ? undefined
  : `NO CHROMIUM AT ${PROGRAM}: nothing proves here that the page works in a browser (apt-get install chromium, or TENANTRY_CHROMIUM=PATH)`;

/** A real Chromium. It refuses its own sandbox to root, and a container's /dev/shm is too small for it. */
export const startChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: PROGRAM,
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
