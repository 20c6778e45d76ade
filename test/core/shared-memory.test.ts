import { expect, test } from "vitest";
import { sharedMemoryMegabytes } from "../../src/core/shared-memory.ts";

test.each([
  [undefined, 256],
  ["64MB", 256],
  ["512MB", 576],
  ["2047MB", 2111],
  ["1 GB", 1088],
  ["524288", 576],
])("with a maintenance_work_mem of %s, %d MB", (written, megabytes) => {
  const parameters = written === undefined ? {} : { maintenance_work_mem: written };
  expect(sharedMemoryMegabytes(parameters)).toBe(megabytes);
});
