import fc from "fast-check";
import { expect, test } from "vitest";
import { parseMemorySize, renderMemorySize } from "../../src/core/memory-size.ts";

test.each([
  ["1 GB", 1024 ** 3],
  ["512MB", 512 * 1024 ** 2],
  ["1.5 gb", 1.5 * 1024 ** 3],
  ["64kB", 65_536],
  ["2 TB", 2 * 1024 ** 4],
])("%s is %d bytes", (text, bytes) => {
  expect(parseMemorySize(text)).toBe(bytes);
});

test.each(["", "1", "GB", "1 XB", "-1 GB", "1 GB of RAM", "1e3 MB", "99999999999 TB"])(
  "%j is no size",
  (text) => {
    expect(parseMemorySize(text)).toBeUndefined();
  },
);

test("a rendered size is read back as it was", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (kilobytes) => {
      expect(parseMemorySize(renderMemorySize(kilobytes * 1024))).toBe(kilobytes * 1024);
    }),
  );
});

test("a size is rendered in the largest unit that keeps it whole", () => {
  expect(renderMemorySize(2 * 1024 ** 3)).toBe("2GB");
  expect(renderMemorySize(1536 * 1024 ** 2)).toBe("1536MB");
});
