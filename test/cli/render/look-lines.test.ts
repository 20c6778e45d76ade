import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { activityLines } from "../../../src/cli/render/activity-lines.ts";
import { growthLines } from "../../../src/cli/render/growth-lines.ts";
import { indexLines } from "../../../src/cli/render/index-lines.ts";
import type { Line } from "../../../src/cli/render/line.ts";
import { lockLines } from "../../../src/cli/render/lock-lines.ts";
import { readingLines } from "../../../src/cli/render/reading-lines.ts";
import { schemaSizeLines, tableSizeLines } from "../../../src/cli/render/size-lines.ts";
import { slowLines } from "../../../src/cli/render/slow-lines.ts";
import { statusLines } from "../../../src/cli/render/status-lines.ts";
import { lockTrees } from "../../../src/core/monitor/lock-tree.ts";
import type { SessionFact } from "../../../src/fleet/monitor/read-activity.ts";
import type { LockFact } from "../../../src/fleet/monitor/read-locks.ts";
import type { StatusFacts } from "../../../src/fleet/monitor/read-status.ts";

const NASTY = 'sel\u001b]0;owned\u0007ect "<script>alert(1)</script>"\r\n\u202e from t';
const texts = (lines: readonly Line[]): string[] => lines.map(({ text }) => text);

const status: StatusFacts = {
  server: {
    version: "16.14",
    database: "nostromo",
    startedAt: new Date(0),
    inRecovery: false,
    pendingRestart: ["max_connections"],
    databaseBytes: 26_214_400,
    connections: { used: 5, active: 1, idle: 3, idleInTransaction: 1, waitingForLocks: 0 },
    maxConnections: 100,
    reservedConnections: 3,
    cacheHitRatio: 0.99999,
    deadlocks: 0,
    statisticsSince: null,
    oldestTransaction: { pid: 42, role: NASTY, state: "idle in transaction", seconds: 700 },
    transactionsToWraparound: 2_144_000_000,
    oldestFrozenAge: 1000,
    freezeMaxAge: 200_000_000,
    seesAllSessions: true,
  },
  replication: [
    ...[
      {
        kind: "replica" as const,
        name: "r1",
        state: "streaming",
        behindBytes: 12_288,
        behindSeconds: 2,
      },
    ],
    ...[
      {
        kind: "slot" as const,
        name: "left",
        state: "reserved",
        behindBytes: 2 ** 30,
        behindSeconds: null,
      },
    ],
  ],
  autovacuum: {
    enabled: true,
    maxWorkers: 3,
    workers: 3,
    tablesDue: 12,
    deadRows: 34_567,
    worst: "tenant_a.payroll",
  },
  fleet: {
    tenants: 1000,
    states: { active: 998, retired: 2 },
    versions: [
      { version: 4, tenants: 990 },
      { version: 3, tenants: 10 },
    ],
    failed: 1,
    archives: { without: 3, oldestSeconds: 9 * 86_400, newestSeconds: 60 },
    examinations: [
      { stack: "tenantry/dev", seconds: 7300, findings: { "DOC-20": 1, "DOC-31": 2 } },
    ],
  },
  newestVersion: 4,
};

describe("status", () => {
  const shown = (facts: StatusFacts, width = Infinity): string[] =>
    texts(statusLines(facts, { stack: "tenantry/dev", now: new Date(10_800_000), width }));

  it("marks what needs attention", () => {
    const role =
      'sel\\u{1b}]0;owned\\u{7}ect "<script>alert(1)</script>"\\u{d}\\u{a}\\u{202e} from t';
    expect(shown(status)).toEqual([
      "  server       PostgreSQL 16.14, up 3 h",
      "! restart      waits: max_connections",
      "  database     nostromo, 25 MB",
      "  connections  5 of 97: 1 active, 1 idle in transaction, 0 waiting",
      `! transaction  oldest 11 min: ${role}, pid 42, idle in transaction`,
      "  cache        99.9 % of blocks found in it",
      "! replication  r1 streaming, 12 kB behind, 2.0 s; slot left (reserved) keeps 1,024 MB for nobody",
      "  wraparound   in 2,144,000,000 transactions",
      "! autovacuum   3 of 3 workers busy, 12 tables due, 34,567 dead rows, most in tenant_a.payroll",
      "  tenants      998 active, 2 retired",
      "! versions     990 at 4, 10 at 3; the newest is 4; a migration failed for 1",
      "! archives     oldest 9 days; 3 tenants without a proven one",
      "! doctor       DOC-20 1, DOC-31 2, 2 h ago",
    ]);
  });

  it("is quiet about a server and a fleet that are well", () => {
    const calm: StatusFacts = {
      ...status,
      server: {
        ...status.server,
        pendingRestart: [],
        cacheHitRatio: null,
        oldestTransaction: null,
        seesAllSessions: false,
      },
      replication: [],
      autovacuum: { ...status.autovacuum, tablesDue: 0 },
      fleet: {
        ...status.fleet,
        states: {},
        versions: [],
        failed: 0,
        examinations: [],
        archives: { without: 0, oldestSeconds: null, newestSeconds: null },
      },
    };
    expect(shown(calm)).toEqual([
      "  server       PostgreSQL 16.14, up 3 h",
      "  restart      nothing waits for one",
      "  database     nostromo, 25 MB",
      "  connections  5 of 97: 1 active, 1 idle in transaction, 0 waiting",
      "! sessions     of other roles are hidden: not in pg_read_all_stats",
      "  transaction  none but this one",
      "  cache        nothing read yet",
      "  replication  none",
      "  wraparound   in 2,144,000,000 transactions",
      "  autovacuum   3 of 3 workers busy, no table due",
      "  tenants      none",
      "  versions     none; the newest is 4",
      "  archives     0 tenants without a proven one",
      "  doctor       never asked: npx tenantry doctor",
    ]);
  });
});

const session: SessionFact = {
  pid: 4711,
  role: "nostromo_user",
  application: "payroll",
  client: "127.0.0.1",
  kind: "client backend",
  state: "active",
  wait: "Lock: transactionid",
  seconds: 95,
  transactionSeconds: 95,
  tenants: ["empresa_123"],
  query: NASTY,
};
const lock = (pid: number, ...blockers: number[]): LockFact => ({
  pid,
  blockers,
  role: "nostromo_user",
  application: "",
  state: "active",
  seconds: 3,
  transactionSeconds: 4,
  wanted: blockers.length === 0 ? null : "ShareLock on transactionid",
  query: NASTY,
});
const schema = {
  schema: 'tenant_"x\u001b',
  table: null,
  tenant: "x",
  state: "active",
  tables: 20,
  indexes: 41,
  bytes: 2_000_000,
  tableBytes: 1_000_000,
  indexBytes: 900_000,
  toastBytes: 100_000,
};
const group = {
  query: NASTY,
  statements: 2,
  calls: 12_000,
  totalMs: 90_000,
  meanMs: 7.5,
  maxMs: 1200,
  rows: 24_000,
  blocksHit: 1,
  blocksRead: 0,
  tenants: [{ tenant: "a", calls: 1, totalMs: 1 }],
};
const index = {
  kind: "duplicate" as const,
  scope: "tenant_*",
  table: "payroll",
  index: "twin",
  detail: "same as idx_payroll_period",
  schemas: 3,
  ofSchemas: 3,
  exampleSchema: "tenant_a",
  bytes: 3_000_000,
  freeBytes: 3_000_000,
};

const growth = {
  tenant: "empresa_123",
  state: "active",
  firstAt: new Date(0),
  lastAt: new Date(86_400_000),
  firstBytes: 188_416,
  bytes: 1_409_024,
  dataBytes: 1_000_000,
  indexBytes: 409_024,
  grownBytes: 1_220_608,
};
const reading = {
  takenAt: new Date(0),
  databaseBytes: 26_214_400,
  dataBytes: 1_000_000,
  indexBytes: 409_024,
  connections: 5,
  maxConnections: 100,
  states: { active: 998, retired: 2 },
  versions: { 4: 1000 },
};
const shrunk = { ...growth, tenant: "b", firstBytes: null, grownBytes: -8192 };

const PARTS: [string, (width: number) => Line[]][] = [
  ["status", (width) => statusLines(status, { stack: "tenantry/dev", now: new Date(0), width })],
  [
    "activity",
    (width) => activityLines([session, { ...session, state: "idle" }], { all: true, width }),
  ],
  ["locks", (width) => lockLines(lockTrees([lock(1), lock(2, 1), lock(3, 2), lock(0)]), width)],
  ["schemas", (width) => schemaSizeLines([schema], width)],
  ["tables", (width) => tableSizeLines([{ ...schema, table: NASTY }], width)],
  ["reading", (width) => readingLines(reading, width)],
  ["growth", (width) => growthLines({ readings: [], tenants: [growth, shrunk] }, width)],
  ["slow", (width) => slowLines({ groups: [group], since: new Date(0), forgotten: 3 }, width)],
  ["indexes", (width) => indexLines([index, { ...index, schemas: 1, detail: "" }], width)],
];

it.each(PARTS)("%s fits terminals of any width and sends them nothing but text", (_, lines) => {
  const rows = lines(Infinity).length;
  for (const width of [40, 80, 200, Infinity]) {
    const shown = lines(width);
    expect(shown).toHaveLength(rows);
    for (const { text } of shown) {
      expect(stringWidth(text)).toBeLessThanOrEqual(width);
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
  }
});

it("what is short and sought stays at 40 columns", () => {
  const at40 = Object.fromEntries(PARTS.map(([name, lines]) => [name, texts(lines(40))]));
  expect(at40.activity).toEqual([
    " PID   FOR  TENANT       QUERY",
    "4711  95 s  empresa_123  sel\\u{1b}]0;ow…",
    "4711  95 s  empresa_123  sel\\u{1b}]0;ow…",
  ]);
  expect(at40.schemas).toEqual([
    "   TOTAL      DATA  SCHEMA",
    '1,953 kB  1,074 kB  tenant_"x\\u{1b}',
  ]);
  expect(at40.growth).toEqual([
    "       GROWN       NOW  TENANT",
    "   +1,192 kB  1,376 kB  empresa_123",
    "-8,192 bytes  1,376 kB  b",
    "from 1970-01-01 00:00 to 1970-01-02 00:…",
  ]);
  expect(at40.slow).toEqual([
    "TOTAL     MEAN   CALLS  QUERY",
    " 90 s  7.50 ms  12,000  sel\\u{1b}]0;own…",
    "counted since 1970-01-01T00:00Z, rare o…",
  ]);
});

it("growth is told with its sign, and between which readings it is", () => {
  expect(texts(growthLines({ readings: [], tenants: [growth, shrunk] }, 80))).toEqual([
    "       GROWN  BEFORE       NOW  STATE   TENANT",
    "   +1,192 kB  184 kB  1,376 kB  active  empresa_123",
    "-8,192 bytes       -  1,376 kB  active  b",
    "from 1970-01-01 00:00 to 1970-01-02 00:00 UTC",
  ]);
  expect(texts(readingLines(reading, 80))).toEqual([
    "  recorded 1970-01-01 00:00 UTC: database 25 MB, 1,000 tenants 1,376 kB",
  ]);
});

it("waiters stand below those they wait for, and the idle are only counted", () => {
  const [, ...rows] = texts(lockLines(lockTrees([lock(1), lock(2, 1), lock(3, 1, 2)]), Infinity));
  expect(rows.map((row) => row.slice(0, 13))).toEqual([
    ...["1            ", "  2          ", "    3        ", "  3 (above)  "],
  ]);
  expect(texts(lockLines([], 80))).toEqual(["nobody waits for a lock"]);
  expect(texts(indexLines([], 80))).toHaveLength(1);
  expect(texts(activityLines([{ ...session, state: "idle" }], { all: false, width: 80 }))).toEqual([
    "PID  FOR  TENANT  ROLE  STATE  WAIT  QUERY",
    "1 session idle: --all",
  ]);
});
