import fc from "fast-check";
import { expect, it } from "vitest";
import { MAX_ATTEMPTS, pauseBefore } from "../../src/core/contention.ts";
import { lockKey } from "../../src/core/lock-key.ts";

it("pauses before every attempt but gives up after the last", () => {
  for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt += 1)
    expect(pauseBefore(attempt, 0.5)).toBeGreaterThan(0);
  expect(pauseBefore(MAX_ATTEMPTS, 0.5)).toBeUndefined();
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
