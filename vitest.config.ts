import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    reporters: ["default", "./test/support/summary-reporter.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Real processes on a crowded CI machine: one more try there, which the last lines of the run then name.
    retry: process.env.CI === "true" ? 1 : 0,
    // Each file may run servers and engines of its own: two at once fill the smallest supported machine.
    maxWorkers: 2,
  },
});
