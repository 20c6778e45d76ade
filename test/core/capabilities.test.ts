import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { judgeCapabilities, missingCapabilities, WAIVABLE } from "../../src/core/capabilities.ts";
import type { FoundCapabilities } from "../../src/core/capabilities.ts";
import { checkout } from "../support/project.ts";

const ALL: FoundCapabilities = {
  administrator: "dba",
  superuser: true,
  createRole: true,
  createDatabase: true,
  bypassRowLevelSecurity: true,
  replication: true,
  grantMonitor: true,
  grantReadAllData: true,
  statementsAvailable: true,
  createStatements: true,
  endSessions: true,
  readAllSettings: true,
  readFileSettings: true,
};
const NONE = Object.fromEntries(
  Object.entries(ALL).map(([key, value]) => [key, value === true ? false : value]),
) as unknown as FoundCapabilities;
const nothing = { without: [], replicator: false };
const names = (found: FoundCapabilities, needed: Parameters<typeof judgeCapabilities>[1]) =>
  missingCapabilities(judgeCapabilities(found, needed)).map(({ capability }) => capability);

test("a superuser lacks nothing", () => {
  const verdicts = judgeCapabilities(ALL, { without: [], replicator: true });
  expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(["there"]));
});

test("a stack can go without what it can be made without, and without nothing else", () => {
  expect(names(NONE, nothing)).toEqual(["createrole", "createdb", ...WAIVABLE]);
  expect(names(NONE, { without: WAIVABLE, replicator: false })).toEqual(["createrole", "createdb"]);
  expect(names(NONE, { without: [], replicator: true })).toContain("replication");
});

test("what is left out is said also where the right is there", () => {
  const rows = judgeCapabilities(ALL, { without: ["pg_monitor"], replicator: false });
  expect(rows.find(({ capability }) => capability === "pg_monitor")?.verdict).toBe("left out");
});

test("names in remedies are quoted", () => {
  const rows = judgeCapabilities({ ...NONE, administrator: 'o"brien' }, nothing);
  for (const { remedy } of rows.filter(({ remedy }) => /^(ALTER|GRANT)/.test(remedy)))
    expect(remedy).toContain('"o""brien"');
});

test("the page has the same table", () => {
  const page = readFileSync(join(checkout, "docs/existing-server.md"), "utf8");
  const rows = [...page.matchAll(/^\| `(\w+)` +\| (.*?) +\| .* \| (.*?) +\|$/gm)]
    .map(([, capability = "", lost = "", leftOut]) => ({ capability, lost, leftOut }))
    .map(({ leftOut, ...row }) => ({ ...row, lost: row.lost.replaceAll("`", ""), leftOut }));
  const table = rows.filter(({ capability }) => /^(create|pg_|bypass|repl)/.test(capability));
  const judged = judgeCapabilities(NONE, { without: [], replicator: true });
  const said = { missing: "no", optional: "never asked for" } as const;
  expect(table).toEqual(
    judged
      .filter(({ capability }) => capability !== "superuser")
      .map(({ capability, lost, verdict, waiver }) => ({
        ...{ capability, lost },
        leftOut: waiver
          ? "yes"
          : capability === "replication"
            ? expect.stringContaining("only asked for when")
            : said[verdict as keyof typeof said],
      })),
  );
});
