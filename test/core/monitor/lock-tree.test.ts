import fc from "fast-check";
import { expect, it } from "vitest";
import { lockTrees } from "../../../src/core/monitor/lock-tree.ts";
import type { LockNode, LockSession } from "../../../src/core/monitor/lock-tree.ts";

type Shape = [number | string, ...Shape[]];
const shape = ({ session, waiters, repeated }: LockNode<LockSession>): Shape => [
  repeated ? `${session.pid} again` : session.pid,
  ...waiters.map(shape),
];
const trees = (blockers: Record<number, number[]>): Shape[] =>
  lockTrees(Object.entries(blockers).map(([pid, by]) => ({ pid: Number(pid), blockers: by }))).map(
    shape,
  );

it("puts waiters below those they wait for", () => {
  expect(trees({ 3: [1], 1: [], 2: [1], 4: [3] })).toEqual([[1, [2], [3, [4]]]]);
  expect(trees({})).toEqual([]);
});

it("tells one who waits for several below each, and its waiters once", () => {
  expect(trees({ 1: [], 2: [], 3: [1, 2], 4: [3] })).toEqual([
    [1, [3, [4]]],
    [2, ["3 again"]],
  ]);
});

it("shows sessions that wait for each other, and blockers nobody knows", () => {
  expect(trees({ 1: [2], 2: [1] })).toEqual([[1, [2, ["1 again"]]]]);
  expect(trees({ 7: [99] })).toEqual([[7]]);
  expect(trees({ 0: [], 5: [0, 0] })).toEqual([[0, [5]]]);
});

it("tells everybody, whoever waits for whom", () => {
  const pid = fc.integer({ min: 0, max: 8 });
  fc.assert(
    fc.property(fc.dictionary(pid.map(String), fc.array(pid, { maxLength: 3 })), (blockers) => {
      const told = JSON.stringify(trees(blockers));
      for (const one of Object.keys(blockers)) expect(told).toContain(`[${one}`);
    }),
  );
});
