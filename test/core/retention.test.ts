import fc from "fast-check";
import { expect, test } from "vitest";
import { removableFrom, showMoment } from "../../src/core/retention.ts";

const at = (text: string): Date => new Date(text);
const moment = fc.date({ min: at("1990-01-01"), max: at("2200-01-01"), noInvalidDate: true });

test("a tenant stays as many days of 24 hours as it should", () => {
  const retiredAt = at("2026-03-01T12:00:00Z");
  const from = (now: string, days = 30) => removableFrom({ retiredAt, now: at(now) }, days);
  expect(from("2026-03-01T12:00:00Z")).toEqual(at("2026-03-31T12:00:00Z"));
  expect(from("2026-03-31T11:59:59.999Z")).toEqual(at("2026-03-31T12:00:00Z"));
  expect(from("2026-03-31T12:00:00Z")).toBeUndefined();
  expect(from("2026-03-01T12:00:00Z", 0)).toBeUndefined();
});

test("a clock that goes back never ends the wait, and never moves its end", () => {
  fc.assert(
    fc.property(
      moment,
      moment,
      moment,
      fc.integer({ min: 1, max: 3650 }),
      (retiredAt, a, b, days) => {
        const [earlier, later] = a < b ? [a, b] : [b, a];
        const [before, after] = [earlier, later].map((now) =>
          removableFrom({ retiredAt, now }, days),
        );
        if (after) expect(before).toEqual(after);
      },
    ),
  );
});

test("a moment is shown to the second, and never before it is", () => {
  expect(showMoment(at("2026-03-31T12:00:00Z"))).toBe("2026-03-31T12:00:00Z");
  expect(showMoment(at("2026-03-31T12:00:00.001Z"))).toBe("2026-03-31T12:00:01Z");
});
