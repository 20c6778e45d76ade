import { expect, it } from "vitest";
import { sharedReading } from "../../../src/report/live/shared-reading.ts";

/** A reading whose ends the test decides. */
function setUp(milliseconds = 5000) {
  const taken: PromiseWithResolvers<number>[] = [];
  const clock = { now: 0 };
  const read = sharedReading(
    () => {
      const next = Promise.withResolvers<number>();
      taken.push(next);
      return next.promise;
    },
    milliseconds,
    () => clock.now,
  );
  return { read, taken, clock };
}

it("is one for all who ask while it is taken, and while it is good", async () => {
  const { read, taken, clock } = setUp();
  const waiting = [read(), read(), read()];
  clock.now = 60_000;
  waiting.push(read());
  expect(taken).toHaveLength(1);
  taken[0]!.resolve(1);
  expect(await Promise.all(waiting)).toEqual([1, 1, 1, 1]);
  // It is good from its end on.
  clock.now = 64_999;
  expect(await read()).toBe(1);
  expect(taken).toHaveLength(1);
  clock.now = 65_000;
  const next = read();
  expect(taken).toHaveLength(2);
  taken[1]!.resolve(2);
  expect(await next).toBe(2);
});

it("that failed is told to those who waited, and taken anew for the next", async () => {
  const { read, taken } = setUp();
  const waiting = [read(), read()];
  taken[0]!.reject(new Error("gone"));
  for (const one of waiting) await expect(one).rejects.toThrow("gone");
  const next = read();
  expect(taken).toHaveLength(2);
  taken[1]!.resolve(2);
  expect(await next).toBe(2);
});
