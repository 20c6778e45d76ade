import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hasData } from "../../src/server/data-directory.ts";
import { parsePostmasterPid, serverStatus } from "../../src/server/server-status.ts";
import { scratchDirectory } from "../support/cluster.ts";

const file = (pid: number | string, state: string): string =>
  [pid, "/data", 1700000000, 54320, "", "127.0.0.1", "  1 2", state].join("\n");

test("a postmaster's file says pid, port and state", () => {
  expect(parsePostmasterPid(file(4711, "ready   \n"))).toEqual({
    pid: 4711,
    port: 54320,
    ready: true,
  });
  expect(parsePostmasterPid(file(4711, "starting"))?.ready).toBe(false);
  expect(parsePostmasterPid(file("-4711", "ready"))).toBeUndefined();
  expect(parsePostmasterPid("")).toBeUndefined();
});

test("a file that was left behind is no running server", () => {
  const data = scratchDirectory("data");
  expect(serverStatus(data)).toBeUndefined();
  writeFileSync(join(data, "postmaster.pid"), file(2 ** 22 - 1, "ready"));
  expect(serverStatus(data)).toBeUndefined();
  // A number that another program got since.
  writeFileSync(join(data, "postmaster.pid"), file(process.pid, "ready"));
  expect(serverStatus(data)).toBeUndefined();
});

test("only a complete data directory of this version is one", () => {
  const data = scratchDirectory("data");
  expect(hasData(join(data, "absent"))).toBe(false);
  expect(() => hasData(data)).toThrow(/not a complete PostgreSQL data directory.*TNT-224/s);
  mkdirSync(join(data, "global"));
  writeFileSync(join(data, "global", "pg_control"), "");
  writeFileSync(join(data, "PG_VERSION"), "17\n");
  expect(() => hasData(data)).toThrow(/belongs to PostgreSQL 17.*TNT-223/s);
  writeFileSync(join(data, "PG_VERSION"), "16\n");
  expect(hasData(data)).toBe(true);
});
