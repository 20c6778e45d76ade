import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** Runs a script as a program is run: with the modules that are loaded lazily. */
function run(script: string): string {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [`--import=${import.meta.resolve("../../src/engine/lazy-modules.ts")}`, "-e", script],
    { cwd: fileURLToPath(new URL("../..", import.meta.url)), encoding: "utf8" },
  );
  return stdout + stderr;
}

const LOADED =
  "Object.keys(require.cache).filter((file) => /(typescript|arborist).(lib|dist)/.test(file)).length";

test("the SDK loads without TypeScript and npm's Arborist", () => {
  expect(run(`require("@pulumi/pulumi"); console.log(${LOADED})`)).toBe("0\n");
});

test("a module that is used is there", () => {
  expect(run(`console.log(require("typescript").version)`)).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(run(`console.log(typeof require("@npmcli/arborist").Arborist)`)).toBe("function\n");
});
