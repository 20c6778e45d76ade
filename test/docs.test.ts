import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { ERRORS } from "../src/core/error-table.ts";
import { POOL_DEFAULTS } from "../src/runtime/pool-options.ts";

const root = join(import.meta.dirname, "..");
const pages = ["README.md", "CHANGELOG.md", ...globSync("docs/**/*.md", { cwd: root })];

const LINK = /\]\(([^)#\s]+)(?:#[^)]*)?\)/g;
/** A path of the project in backticks, without a placeholder in it. */
const PATH = /`((?:src|sql|test|docs|config|stacks|bin|\.ci)\/[\w./-]*)`/g;
/** Examples of files that a reader may make. */
const EXAMPLES = ["sql/tenant/004_bonuses.sql", "sql/tenant/004_unique_email.sql"];

describe.each(pages)("%s", (page) => {
  const text = readFileSync(join(root, page), "utf8");
  const found = (pattern: RegExp): string[] =>
    [...text.matchAll(pattern)].map(([, it]) => it ?? "");

  test("links to pages that are there", () => {
    const links = found(LINK).filter((link) => !/^https?:/.test(link));
    expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  });

  test("names files that are there", () => {
    const paths = found(PATH).filter((path) => !EXAMPLES.includes(path));
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

test("the architecture page has a row for each room", () => {
  const text = readFileSync(join(root, "docs", "architecture.md"), "utf8");
  const rows = [...text.matchAll(/^\| `(\w+)` *\|/gm)].map(([, name]) => name);
  const rooms = readdirSync(join(root, "src"), { withFileTypes: true });
  expect(rows).toEqual(expect.arrayContaining(rooms.map(({ name }) => name)));
});

test("the settings page has a row for each setting", () => {
  const page = readFileSync(join(root, "docs", "settings.md"), "utf8");
  const schema = JSON.parse(readFileSync(join(root, "stacks", "schema.json"), "utf8")) as {
    properties: { config: { properties: Record<string, unknown> } };
  };
  const keys = Object.keys(schema.properties.config.properties);
  expect(keys).toContain("tenantry:tenants");
  expect(keys.filter((key) => !page.includes(`\n| \`${key}\` `))).toEqual([]);
});

describe("the reference of the runtime", () => {
  const page = readFileSync(join(root, "docs", "api.md"), "utf8");

  test("names errors that there are", () => {
    const codes = [...page.matchAll(/TNT-\d{3}/g)].map(([code]) => code);
    expect(codes).toContain("TNT-801");
    expect(codes.filter((code) => !Object.hasOwn(ERRORS, code))).toEqual([]);
  });

  test("gives a pool's options the defaults that they have", () => {
    const section = page.split(/^### /m).find((text) => text.startsWith("TenantPoolOptions\n"));
    const rows = (section ?? "").split("\n").map((row) => row.split(/(?<!\\)\|/));
    const documented = new Map(rows.map(([, name, , value]) => [name?.trim(), value?.trim()]));
    for (const [option, value] of Object.entries(POOL_DEFAULTS)) {
      const text = documented.get(`\`${option}\``)?.split("else ").at(-1)?.replace(/[`,]/g, "");
      expect(`${option}: ${text ?? "not there"}`).toBe(`${option}: ${String(value)}`);
    }
  });
});
