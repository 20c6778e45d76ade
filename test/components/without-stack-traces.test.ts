import { afterEach, expect, test, vi } from "vitest";
import { withoutStackTraces } from "../../src/components/without-stack-traces.ts";

const prepare = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");

afterEach(() => {
  if (prepare) Object.defineProperty(Error, "prepareStackTrace", prepare);
});

const framesOf = ({ stack = "" }: Error): number => stack.split("\n    at ").length - 1;

test("errors have a message and no trace, also for who asks for all of it", () => {
  const limit = Error.stackTraceLimit;
  const [made, asked] = withoutStackTraces(() => {
    const made = new Error("made");
    Error.stackTraceLimit = Number.POSITIVE_INFINITY;
    return [made, new Error("asked")] as const;
  });
  expect(made.message).toBe("made");
  expect([framesOf(made), framesOf(asked)]).toEqual([0, 0]);
  expect(Error.stackTraceLimit).toBe(limit);
});

test("afterwards there are traces again, as long as somebody wants them, without source maps", () => {
  const limit = Error.stackTraceLimit;
  const mapped = vi.fn(() => "mapped");
  Error.prepareStackTrace = mapped;
  expect(() =>
    withoutStackTraces(() => {
      throw new Error("while declaring");
    }),
  ).toThrow("while declaring");
  try {
    expect(framesOf(new Error("later"))).toBeGreaterThan(1);
    Error.stackTraceLimit = 1;
    expect(framesOf(new Error("shorter"))).toBe(1);
    expect(mapped).not.toHaveBeenCalled();
  } finally {
    Error.stackTraceLimit = limit;
  }
});
