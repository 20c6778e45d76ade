import { expect, test } from "vitest";
import { fleetStatus } from "../../../src/core/fleet-status.ts";
import type { FleetFact } from "../../../src/core/fleet-status.ts";
import type { Migration } from "../../../src/core/migration.ts";
import { statusLines } from "../../../src/cli/render/migration-lines.ts";
import { failedTenantLines, stageLines } from "../../../src/cli/render/migration-run.ts";

const files = ["001_employees", "002_contracts", "003_bonus"].map((name, index): Migration => ({
  number: index + 1,
  name: `${name}.sql`,
  sql: "",
  checksum: "",
}));
const fact = (id: string, more: Partial<FleetFact> = {}): FleetFact => ({
  id,
  key: id,
  fingerprint: null,
  attached: true,
  state: "active",
  version: 3,
  pin: null,
  follows: true,
  behind: false,
  failed: false,
  failedNumber: null,
  failedMessage: null,
  attempts: null,
  failedAt: null,
  ...more,
});
const failure = {
  failed: true,
  failedNumber: 3,
  failedMessage: "sql/tenant/003_bonus.sql:1: exists.\n  create",
  attempts: 2,
  failedAt: new Date(0),
};
const fleet = [
  fact("a"),
  fact("b", { version: 2, behind: true, ...failure }),
  fact("c", { version: 1, behind: true }),
  fact("d", { version: 2, pin: 2, follows: false }),
  // Put right by hand: what failed once is no longer news.
  fact("e", failure),
];

test("each tenant has one status, and each file those who lack it", () => {
  const status = fleetStatus(files, fleet, { canary: ["c"] });
  expect(status).toMatchObject({
    version: 3,
    pending: [
      { file: "sql/tenant/002_contracts.sql", tenants: 1 },
      { file: "sql/tenant/003_bonus.sql", tenants: 2 },
    ],
    counts: { current: 2, pinned: 1, behind: 1, failed: 1 },
  });
  expect(status.tenants.map(({ id, goal, status, canary }) => [id, goal, status, canary])).toEqual([
    ["a", 3, "current", false],
    ["b", 3, "failed", false],
    ["c", 3, "behind", true],
    ["d", 2, "pinned", false],
    ["e", 3, "current", false],
  ]);
  expect(status.tenants[1]?.failure).toEqual({
    file: "sql/tenant/003_bonus.sql",
    message: failure.failedMessage,
    attempts: 2,
    failedAt: new Date(0),
  });
  expect(status.tenants[4]?.failure).toBeNull();
});

test("as text: numbers first, then files, then who is not at the newest", () => {
  const text = statusLines(fleetStatus(files, fleet, { canary: ["c"] })).map((one) => one.text);
  expect(text).toEqual([
    "  newest migration 3; 5 tenants: 2 current, 1 pinned, 1 behind, 1 failed",
    "",
    "  FILE                          TENANTS TO GO",
    "  sql/tenant/002_contracts.sql              1",
    "  sql/tenant/003_bonus.sql                  2",
    "",
    "  ID  VERSION  GOAL  STATUS  WHY",
    "  b         2     3  failed  sql/tenant/003_bonus.sql:1: exists. (2 times)",
    "  c         1     3  behind  canary",
    "  d         2     2  pinned",
  ]);
  expect(statusLines(fleetStatus(files, [], { canary: [] })).map((one) => one.text)).toEqual([
    "  newest migration 3; 0 tenants: none",
  ]);
});

test("a run is told by its stages, and by who failed", () => {
  const many = Array.from({ length: 100 }, (_, index) => `t${index}`);
  const stages = [
    { isCanary: true, tenants: ["c"], mayFail: 0 },
    { isCanary: false, tenants: many, mayFail: 1 },
    { isCanary: false, tenants: ["z"], mayFail: 1 },
  ];
  const pending = [{ file: "sql/tenant/003_bonus.sql", tenants: 102 }];
  expect(stageLines(stages, pending).map((one) => one.text)).toEqual([
    "  ~ sql/tenant/003_bonus.sql  for 102 tenants",
    "  canaries: 1 tenant  c",
    "  wave 1 of 2: 100 tenants  t0, t1, t2, ..., t99",
    "  wave 2 of 2: 1 tenant  z",
  ]);
  expect(stageLines([], [])[0]?.text).toBe("  nothing to do");
  const result = {
    version: 3,
    migrated: [],
    failures: [{ id: "c", message: "no\n  ^" }],
    left: ["z"],
  };
  expect(failedTenantLines(result).map((one) => one.text)).toEqual([
    "  ! tenant c  no",
    "        ^",
    "  1 tenant left as before",
  ]);
});
