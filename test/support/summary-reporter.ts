import type { Reporter, TestModule } from "vitest/node";

/**
 * Says loudly what did not run, and why; then prints `N passed, N failed, N skipped` as the last line: what a CI log
 * is searched for.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: errors.length, skipped: 0 };
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      // A file that could not be loaded, and a hook that failed around tests that passed, would otherwise count as nothing.
      const suites = [module, ...module.children.allSuites()];
      count.failed += suites.filter((suite) => suite.errors().length > 0).length;
      for (const test of tests) {
        const result = test.result();
        if (test.diagnostic()?.flaky === true)
          process.stdout.write(
            `PASSED ONLY AT THE SECOND TRY  ${module.relativeModuleId}: ${test.fullName}: ${result.errors?.[0]?.stack ?? "no error told"}\n`,
          );
        if (result.state === "passed") count.passed += 1;
        else if (result.state === "failed") count.failed += 1;
        else {
          count.skipped += 1;
          const reason = "note" in result ? (result.note ?? "no reason given") : "it did not run";
          process.stdout.write(
            `NOT RUN  ${module.relativeModuleId}: ${test.fullName}: ${reason}\n`,
          );
        }
      }
    }
    process.stdout.write(
      `\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`,
    );
  }
}
