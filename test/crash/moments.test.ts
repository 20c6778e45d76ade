import fc from "fast-check";
import { expect, it } from "vitest";
import { momentOf, momentsOf } from "../support/moments.ts";

const statements = ["begin", "select a", "select a", "select b", "select c", "commit", "select a"];

it("tells the ends and the middle of transactions from the rest, and takes that once", () => {
  const { telling, all } = momentsOf(statements);
  const told = telling.map(({ statement, earlier, side }) => `${side} ${statement} ${earlier}`);
  expect(told).toEqual([
    ...["before begin 0", "after begin 0"],
    ...["before select a 1", "after select a 1"],
    ...["before commit 0", "after commit 0"],
    ...["before select a 2", "after select a 2"],
  ]);
  expect(all.slice(telling.length)).toEqual([
    { statement: "select a", earlier: 0, side: "before" },
    { statement: "select b", earlier: 0, side: "after" },
    { statement: "select c", earlier: 0, side: "before" },
  ]);
});

it("gives each moment to one life when there are lives enough, and else another to each", () => {
  const moments = momentsOf(statements);
  const counts = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(counts, fc.constantFrom(0, 0.33, 0.66), (lives, share) => {
      const met = Array.from({ length: lives }, (_, life) =>
        momentOf(moments, life, { lives, share }),
      );
      const chosen = met.filter((moment) => moment !== undefined);
      expect(new Set(chosen).size).toBe(chosen.length);
      if (lives <= moments.telling.length) {
        expect(chosen).toHaveLength(lives);
        expect(moments.telling).toEqual(expect.arrayContaining(chosen));
      } else if (lives < moments.all.length) {
        expect(chosen).toHaveLength(lives);
        expect(chosen).toEqual(expect.arrayContaining([...moments.telling]));
      } else expect(chosen).toEqual(moments.all);
    }),
  );
});
