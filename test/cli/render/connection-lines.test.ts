import { expect, test } from "vitest";
import { connectionLines, idleLines, limitLine } from "../../../src/cli/render/connection-lines.ts";

const connections = {
  ...{ limit: 100, forSuperusers: 3, reserved: 0 },
  counts: [
    { role: "nostromo_user", state: "idle", count: 87, oldestSeconds: 2520, roleLimit: 90 },
    { role: "nostromo_app", state: "(hidden)", count: 1, oldestSeconds: null, roleLimit: null },
  ],
};

test("connections are a table, and the limit is that of applications", () => {
  expect(connectionLines(connections).map(({ text }) => text)).toEqual([
    "ROLE           STATE     COUNT  OLDEST  ROLE'S LIMIT",
    "nostromo_user  idle         87  42 min            90",
    "nostromo_app   (hidden)      1",
  ]);
  expect(limitLine(connections)).toEqual({
    text: "88 of 97 connections (max_connections 100: 3 for superusers)",
    tone: "warning",
  });
  expect(limitLine({ ...connections, limit: 200 }).tone).toBe("quiet");
});

test("sessions that would be ended are a table", () => {
  const session = { pid: 7, start: "", role: "ana", application: "a\u001bpp", seconds: 150 };
  expect(idleLines([session]).map(({ text }) => text)).toEqual([
    "PID  ROLE   IDLE  APPLICATION",
    String.raw`  7  ana   2 min  a\u{1b}pp`,
  ]);
  expect(idleLines([])).toEqual([]);
});
