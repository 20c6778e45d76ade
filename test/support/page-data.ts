import { lockTrees } from "../../src/core/monitor/lock-tree.ts";
import type { LockFact } from "../../src/fleet/monitor/read-locks.ts";
import type { StatusFacts } from "../../src/fleet/monitor/read-status.ts";
import type { PageData, PageGrowth, PageTenant } from "../../src/report/page/page-data.ts";

export const STACK = "tenantry/prod";
const DAY = 86_400;
const TAKEN_AT = new Date("2026-11-26T22:00:00Z");

const idOf = (number: number): string => `empresa_${String(number).padStart(5, "0")}`;

const COMPANIES = [
  "Comercial Ñuñoa SpA",
  "Transportes José Pérez y Cía. Ltda.",
  "Panadería La Unión",
  "Servicios Mineros del Norte S.A.",
];

function tenant(number: number): PageTenant {
  const id = idOf(number);
  return {
    id,
    company: `${COMPANIES[number % COMPANIES.length] ?? ""} ${number}`,
    state: number % 40 === 7 ? "suspended" : "active",
    isolation: number % 25 === 3 ? "strict" : "shared",
    version: number % 30 === 4 ? 2 : 3,
    pin: number % 60 === 4 ? 2 : null,
    failedMigration: number % 60 === 34 ? 3 : null,
    provenSeconds: number % 9 === 8 ? null : (number % 12) * DAY * 0.8,
  };
}

const bytesOf = (number: number): number => 188_416 + ((number * 7919) % 4093) * 8192;

function status(tenants: readonly PageTenant[]): StatusFacts {
  const count = (holds: (one: PageTenant) => boolean): number => tenants.filter(holds).length;
  return {
    server: {
      version: "16.14",
      database: "nostromo",
      startedAt: new Date(TAKEN_AT.getTime() - 12 * DAY * 1000),
      inRecovery: false,
      pendingRestart: ["max_connections"],
      databaseBytes: 8_388_608 + tenants.reduce((sum, _, number) => sum + bytesOf(number), 0),
      connections: { used: 23, active: 4, idle: 18, idleInTransaction: 1, waitingForLocks: 2 },
      maxConnections: 100,
      reservedConnections: 3,
      cacheHitRatio: 0.9987,
      deadlocks: 2,
      statisticsSince: null,
      oldestTransaction: {
        pid: 8024,
        role: "nostromo_user",
        state: "idle in transaction",
        seconds: 700,
      },
      transactionsToWraparound: 2_144_483_574,
      oldestFrozenAge: 1000,
      freezeMaxAge: 200_000_000,
      seesAllSessions: true,
    },
    replication: [],
    autovacuum: {
      enabled: true,
      maxWorkers: 3,
      workers: 1,
      tablesDue: 2,
      deadRows: 4711,
      worst: "tenant_empresa_00001.payroll",
    },
    fleet: {
      tenants: tenants.length,
      states: {
        active: count(({ state }) => state === "active"),
        suspended: count(({ state }) => state === "suspended"),
      },
      versions: [3, 2].map((version) => ({
        version,
        tenants: count((one) => one.version === version),
      })),
      failed: count(({ failedMigration }) => failedMigration !== null),
      archives: {
        without: count(({ provenSeconds }) => provenSeconds === null),
        oldestSeconds: 8.8 * DAY,
        newestSeconds: 60,
      },
      examinations: [{ stack: STACK, seconds: 660, findings: { "DOC-13": 3, "DOC-22": 1 } }],
    },
    newestVersion: 3,
  };
}

function lock(pid: number, blockers: readonly number[]): LockFact {
  return {
    pid,
    blockers,
    role: "nostromo_user",
    application: "api",
    state: blockers.length === 0 ? "idle in transaction" : "active",
    seconds: 3.9,
    transactionSeconds: 3.9,
    wanted: blockers.length === 0 ? null : "ShareLock on transactionid",
    query: "update tenant_empresa_00001.employees set names=? where id=?",
  };
}

/** What was measured each day, the last of them now. */
function growth(count: number, days: number): PageGrowth {
  const share = (day: number): number => 0.6 + (0.4 * (day + 1)) / days;
  const readings = Array.from({ length: days }, (_, day) => ({
    takenAt: new Date(TAKEN_AT.getTime() - (days - 1 - day) * DAY * 1000),
    databaseBytes: 8_388_608 + count * 16_000_000 * share(day),
    states: { active: Math.ceil(count * share(day)), suspended: 1 },
  }));
  const tenants = Array.from({ length: count }, (_, number) => {
    const bytes = bytesOf(number);
    const firstBytes = number < count * share(0) ? Math.round(bytes * share(0)) : null;
    return { tenant: idOf(number), firstBytes, bytes, grownBytes: bytes - (firstBytes ?? 0) };
  });
  return { readings, tenants: tenants.toSorted((a, b) => b.grownBytes - a.grownBytes) };
}

/** A fleet of so many tenants, with something of everything that the page shows. */
export function pageData(count: number, more: Partial<PageData> = {}): PageData {
  const tenants = Array.from({ length: count }, (_, number) => tenant(number));
  return {
    takenAt: TAKEN_AT,
    stack: STACK,
    status: status(tenants),
    tenants,
    sizes: tenants
      .map(({ id, state }, number) => {
        const bytes = bytesOf(number);
        return {
          schema: `tenant_${id}`,
          table: null,
          tenant: id,
          state,
          tables: 7,
          indexes: 12,
          bytes,
          tableBytes: bytes * 0.5,
          indexBytes: bytes * 0.4,
          toastBytes: bytes * 0.1,
        };
      })
      .toSorted((a, b) => b.bytes - a.bytes),
    growth: growth(count, 14),
    slow: {
      since: new Date("2026-11-01T04:00:00Z"),
      forgotten: 0,
      groups: [
        "select * from tenant_*.payroll where period=? and employee_id in (?, ...)",
        `with totals as (select employee_id, sum(gross) from payroll where ${"period=? or ".repeat(40)}false group by ?) select * from totals`,
      ].map((query, index) => ({
        query,
        statements: 12,
        calls: 48_213,
        totalMs: 912_000 / (index + 1),
        meanMs: 18.9,
        maxMs: 2140,
        rows: 1_204_311,
        blocksHit: 1,
        blocksRead: 1,
        tenants: tenants
          .slice(0, 3 * index)
          .map(({ id }) => ({ tenant: id, calls: 1, totalMs: 1 })),
      })),
    },
    locks: lockTrees([lock(8024, []), lock(8027, [8024]), lock(8030, [8027])]),
    settings: {
      declared: 30,
      differences: [
        { name: "work_mem", declared: "12MB", found: "4MB", needsRestart: false },
        { name: "max_connections", declared: "100", found: "50", needsRestart: true },
        { name: "log_directory", declared: "log", found: null, needsRestart: false },
      ],
    },
    ...more,
  };
}
