import fc from "fast-check";
import { expect, it } from "vitest";
import { MAX_ATTEMPTS, pauseBefore } from "../../src/core/contention.ts";
import { lockKey } from "../../src/core/lock-key.ts";

it("pauses before every attempt, longer each time up to a second and a half", () => {
  const pauses = Array.from({ length: MAX_ATTEMPTS + 2 }, (_, index) =>
    pauseBefore(index + 1, 0.5),
  );
  expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
  expect(pauses[0]).toBeGreaterThan(0);
  expect(pauses.slice(-3)).toEqual([1500, 1500, 1500]);
});

it("makes keys that PostgreSQL takes for bigint, one a name", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      const key = BigInt(lockKey(a));
      expect(BigInt.asIntN(64, key)).toBe(key);
      expect(lockKey(a) === lockKey(b)).toBe(a === b);
    }),
  );
});
