import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  confirmedProblem,
  currentLogin,
  loginsOf,
  memberNames,
  rotationProblem,
} from "../../src/core/rotation.ts";
import type { Rotation } from "../../src/core/rotation.ts";

/** `own` for the role itself, `a3` for the member _a with the password of generation 3; those that are closed in (). */
const show = (rotation: Rotation): string =>
  loginsOf("u", rotation)
    .map(({ member, generation, open, current }) => {
      const name = member === undefined ? "own" : `${member}${generation}`;
      return open ? `${name}${current ? "!" : ""}` : `(${name})`;
    })
    .join(" ");

const overlap = (generation: number, confirmed?: number): Rotation => ({
  generation,
  overlap: true,
  ...(confirmed !== undefined && { confirmed }),
});
const atOnce = (generation: number): Rotation => ({ generation, overlap: false });

test.each([
  [atOnce(1), "own!"],
  [atOnce(7), "own!"],
  // A role that had no overlap: its own login stays open until the first confirmation.
  [overlap(1), "own a1!"],
  [overlap(1, 1), "(own) a1!"],
  [overlap(2), "own (a1) b2!"],
  [overlap(2, 2), "(own) (a1) b2!"],
  // And then in turn.
  [overlap(3, 2), "(own) a3! b2"],
  [overlap(3, 3), "(own) a3! (b2)"],
  [overlap(4, 3), "(own) a3 b4!"],
  [overlap(4, 4), "(own) (a3) b4!"],
])("the logins at %j: %s", (rotation, logins) => {
  expect(show(rotation)).toBe(logins);
});

test.each([
  [{ ...atOnce(2), confirmed: 2 }, "is for a role with overlap: true: leave it out"],
  [overlap(2, 3), "cannot be above the generation, which is 2"],
  [overlap(4, 2), "would leave more than two passwords in use at generation 4"],
])("%j cannot be declared", (rotation, problem) => {
  expect(confirmedProblem(rotation)).toContain(problem);
});

test.each([
  [atOnce(1), atOnce(9)],
  [atOnce(1), overlap(1)],
  [atOnce(1), overlap(2)],
  [overlap(2), overlap(2, 2)],
  [overlap(2, 2), overlap(3, 2)],
  [overlap(3, 2), overlap(3, 3)],
  [overlap(3, 2), overlap(4, 3)],
  [overlap(3, 3), atOnce(4)],
])("from %j to %j", (before, after) => {
  expect(rotationProblem("u", before, before)).toBeUndefined();
  expect(rotationProblem("u", before, after)).toBeUndefined();
});

test.each([
  [atOnce(2), atOnce(1), "generation of u cannot go back from 2 to 1"],
  [overlap(2, 2), overlap(1, 1), "generation of u cannot go back from 2 to 1"],
  [overlap(2, 2), atOnce(2), "raise generation to 3 in the same change"],
  [atOnce(1), overlap(2, 2), "that would close u, which its applications use"],
  [overlap(3, 3), overlap(3, 2), "confirmed of u cannot go back from 3 to 2"],
  [overlap(3, 3), overlap(3), "confirmed of u cannot go back from 3 to none"],
  [overlap(2, 2), overlap(4, 3), "generation of u cannot go from 2 to 4 with overlap"],
  [overlap(2), overlap(3), "while 2 is not confirmed"],
  [overlap(2), overlap(2, 1), "confirmed of u cannot be 1 before 2 is"],
  [overlap(2, 2), overlap(3, 3), "confirmed of u cannot be 3 before that generation was there"],
])("not from %j to %j", (before, after, problem) => {
  expect(rotationProblem("u", before, after)).toContain(problem);
});

describe("whatever is declared", () => {
  const declared = fc
    .record({
      generation: fc.integer({ min: 1, max: 12 }),
      overlap: fc.boolean(),
      confirmed: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
    })
    .map(({ confirmed, ...rest }): Rotation =>
      confirmed === undefined ? rest : { ...rest, confirmed },
    )
    .filter((rotation) => confirmedProblem(rotation) === undefined);
  const passwords = (rotation: Rotation): string[] =>
    loginsOf("u", rotation)
      .filter(({ open }) => open)
      .map(({ name, member, generation }) =>
        // With members, the role itself keeps the password it has.
        member === undefined && rotation.overlap ? name : `${name} ${generation}`,
      );

  test("one login is current and open, two are open at most, all have names of their own", () => {
    fc.assert(
      fc.property(declared, (rotation) => {
        const logins = loginsOf("u", rotation);
        expect(logins.filter(({ current }) => current)).toEqual([currentLogin("u", rotation)]);
        expect(currentLogin("u", rotation).open).toBe(true);
        expect(passwords(rotation).length).toBeLessThanOrEqual(2);
        const names = logins.map(({ name }) => name);
        expect(new Set(names).size).toBe(names.length);
        expect(["u", ...memberNames("u")]).toEqual(expect.arrayContaining(names));
      }),
    );
  });

  test("no step that is allowed closes a password that was current, unless it is confirmed or at once", () => {
    fc.assert(
      fc.property(declared, declared, (before, after) => {
        fc.pre(rotationProblem("u", before, after) === undefined && after.overlap);
        const { name, generation } = currentLogin("u", before);
        const inUse = before.overlap ? `${name} ${generation}` : name;
        if (after.generation === before.generation || before.overlap)
          expect(passwords(after)).toContain(inUse);
        expect(passwords(after).length).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });

  test("a password that an allowed step closed never works again", () => {
    fc.assert(
      fc.property(fc.array(declared, { minLength: 2, maxLength: 40 }), (wishes) => {
        let now = wishes[0]!;
        const closed = new Set<string>();
        for (const next of wishes.slice(1)) {
          if (rotationProblem("u", now, next) !== undefined) continue;
          const open = passwords(next);
          for (const one of passwords(now)) if (!open.includes(one) && one !== "u") closed.add(one);
          now = next;
          expect(open.filter((one) => closed.has(one))).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });
});
