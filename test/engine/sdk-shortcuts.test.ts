import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");
const GUARD = `--import=${join(ROOT, "src/engine/program-guard.ts")}`;

/** What a script of the project writes, with the SDK as programs find it. */
const run = (script: string, ...guard: string[]): string => {
  const { stdout, stderr } = spawnSync(process.execPath, [...guard, "-e", script], {
    cwd: ROOT,
    encoding: "utf8",
  });
  return stdout + stderr;
};

test("the SDK sends no debug messages, and every other one", () => {
  const script = `
    const settings = require("@pulumi/pulumi/runtime/settings");
    settings.getEngine = () => ({
      log: (request, answered) => (console.log(request.getMessage()), answered()),
    });
    const { log } = require("@pulumi/pulumi");
    for (const level of ["debug", "info", "warn", "error"]) void log[level](level);`;
  expect(run(script)).toBe("debug\ninfo\nwarn\nerror\n");
  expect(run(script, GUARD)).toBe("info\nwarn\nerror\n");
});

test("the SDK attaches no debugger at its start", () => {
  const script = `
    const inspector = require("inspector");
    const { Session } = inspector;
    inspector.Session = function () {
      console.log("attached");
      return new Session();
    };
    require("@pulumi/pulumi/runtime/closure/v8Hooks").isInitializedAsync().then(() => console.log("ready"));`;
  expect(run(script)).toBe("attached\nready\n");
  expect(run(script, GUARD)).toBe("ready\n");
});
