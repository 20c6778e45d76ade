import fc from "fast-check";
import { expect, test } from "vitest";
import { deletionLevels } from "../../src/engine/deletions.ts";
import { referencesOf } from "../../src/engine/resource.ts";
import type { Resource } from "../../src/engine/resource.ts";

/** Resources in file order, each needing some before it, in one of the five ways to need. */
const graph = fc
  .array(fc.tuple(fc.nat(), fc.nat(), fc.integer({ min: 0, max: 4 })), { maxLength: 25 })
  .map((seeds) =>
    seeds.map(([a, b, way], slot): Resource => {
      const urns = slot === 0 ? [] : [...new Set([a % slot, b % slot])].map((it) => `urn:${it}`);
      const [first] = urns;
      const needs = [
        { dependencies: urns },
        { propertyDependencies: { x: urns } },
        first === undefined ? {} : { parent: first },
        first === undefined ? {} : { deletedWith: first },
        first === undefined ? {} : { provider: `${first}::id` },
      ][way];
      return {
        slot,
        urn: `urn:${slot}`,
        type: "a:b:C",
        custom: true,
        inputs: {},
        outputs: {},
        ...needs,
      };
    }),
  );

test("everything goes once, and nothing before what needs it", () => {
  fc.assert(
    fc.property(graph, (resources) => {
      const levels = deletionLevels(resources);
      expect(
        levels
          .flat()
          .map(({ slot }) => slot)
          .sort((a, b) => a - b),
      ).toEqual(resources.map(({ slot }) => slot));
      const levelOf = new Map(levels.flatMap((level, at) => level.map(({ urn }) => [urn, at])));
      for (const resource of resources)
        for (const needed of referencesOf(resource))
          expect(levelOf.get(resource.urn)!).toBeLessThan(levelOf.get(needed)!);
    }),
  );
});

test("copies of several runs that need each other in a circle still go, the last first", () => {
  const copy = (slot: number, urn: string, needed: string): Resource => ({
    slot,
    urn,
    type: "a:b:C",
    custom: true,
    delete: true,
    inputs: {},
    outputs: {},
    dependencies: [needed],
  });
  const levels = deletionLevels([copy(0, "urn:a", "urn:b"), copy(1, "urn:b", "urn:a")]);
  expect(levels.map((level) => level.map(({ slot }) => slot))).toEqual([[1], [0]]);
});
