import { expect, test } from "vitest";
import { counted, duration, milliseconds, size } from "../../src/core/format.ts";

test("counts, durations and sizes", () => {
  expect([counted(1, "tenant"), counted(12_000, "tenant")]).toEqual(["1 tenant", "12,000 tenants"]);
  expect([40, 9_940, 9_960, 119_400, 125_000].map(duration)).toEqual([
    "0.0 s",
    "9.9 s",
    "10 s",
    "119 s",
    "2 min 5 s",
  ]);
  expect([0.123, 35.4, 2500].map(milliseconds)).toEqual(["0.12 ms", "35 ms", "2.5 s"]);
  expect([0, 8192, 188_416, 12_582_912].map(size)).toEqual([
    "0 bytes",
    "8,192 bytes",
    "184 kB",
    "12 MB",
  ]);
});
