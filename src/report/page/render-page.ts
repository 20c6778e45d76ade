import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Markup, markup, trusted } from "./markup.ts";
import type { PageData } from "./page-data.ts";
import { archivesSection } from "./sections/archives.ts";
import { glanceSection } from "./sections/glance.ts";
import { locksSection } from "./sections/locks.ts";
import { settingsSection } from "./sections/settings.ts";
import { sizesSection } from "./sections/sizes.ts";
import { slowSection } from "./sections/slow.ts";
import { tenantsSection } from "./sections/tenants.ts";
import { versionsSection } from "./sections/versions.ts";
import { moment } from "./moment.ts";

export interface PageOptions {
  /**
   * After so many seconds the page asks its own address for its successor and takes what changed from it, so that
   * filter, order, scroll and focus stay. Default: never; then it may not open any connection.
   */
  readonly refreshSeconds?: number | undefined;
}

const STYLE = readFileSync(new URL("style.css", import.meta.url), "utf8");

/** The function is sent as its own text, which Node has freed of types. */
const { runPage } = (await import(new URL("browser/run-page.ts", import.meta.url).href)) as {
  runPage: () => void;
};
const SCRIPT = `(${String(runPage)})();`;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64");

/**
 * The page's `Content-Security-Policy`: nothing from anywhere but the page itself, whatever a name or a query may hold.
 * It stands in the page; a server that sends one of its own sends this.
 */
export const pagePolicy = ({ refreshSeconds }: PageOptions = {}): string =>
  [
    "default-src 'none'",
    `style-src 'sha256-${sha256(STYLE)}'`,
    `script-src 'sha256-${sha256(SCRIPT)}'`,
    ...(refreshSeconds === undefined ? [] : ["connect-src 'self'"]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");

const SECTIONS = [
  { id: "glance", title: "At a glance", content: glanceSection },
  { id: "tenants", title: "Tenants", content: tenantsSection },
  { id: "sizes", title: "Sizes and growth", content: sizesSection },
  { id: "versions", title: "Versions and drift", content: versionsSection },
  { id: "archives", title: "Archives", content: archivesSection },
  { id: "slow", title: "Slow queries", content: slowSection },
  { id: "locks", title: "Locks", content: locksSection },
  { id: "settings", title: "Settings", content: settingsSection },
] as const;

/**
 * The page of a fleet: one HTML document that needs nothing else, light or dark as the reader's system is.
 *
 * What is read from a database stays text; queries are shown as they are given, so give them without literals.
 */
export function renderPage(data: PageData, { refreshSeconds }: PageOptions = {}): string {
  const { stack, takenAt, status } = data;
  const links = SECTIONS.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`);
  const sections = SECTIONS.map(
    ({ id, title, content }) =>
      markup`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${content(data)}
</section>
`,
  );
  return new Markup(
    `<!doctype html>\n${
      markup`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(pagePolicy({ refreshSeconds }))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${stack} – tenantry</title>
<style>${trusted(STYLE)}</style>
</head>
<body data-refresh="${refreshSeconds ?? ""}">
<a class="skip" href="#glance">Skip to the content</a>
<header>
<h1>${stack}</h1>
<p id="taken" data-live>PostgreSQL ${status.server.version}, database ${status.server.database}. As of <time datetime="${takenAt.toISOString()}">${moment(takenAt)}</time>.</p>
<p id="notice" role="status"></p>
<nav aria-label="Sections"><ul>${links}</ul></nav>
</header>
<main>
${sections}</main>
<script>${trusted(SCRIPT)}</script>
</body>
</html>
`.text
    }`,
  ).text;
}
