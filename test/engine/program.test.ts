import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { preview, readStackOutputs, up } from "../../src/engine/local-engine.ts";
import { useProgram } from "../support/sdk-project.ts";
import { TestStack } from "../support/test-stack.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const PROGRAM = join(import.meta.dirname, "programs", "things.ts");

async function projectStack(): Promise<TestStack> {
  const stack = await TestStack.create();
  await useProgram(stack, PROGRAM);
  return stack;
}

test("a real program: preview, up, and again without a change", async () => {
  const stack = await projectStack();
  const config = { "proj:setting": "blue" };
  const shown = await preview(stack.options({ config }));
  expect(shown.changes).toEqual({ create: 6 });
  expect(shown.outputs).toMatchObject({ hidden: "[secret]", setting: "blue" });
  const made = await up(stack.options({ config }));
  expect(made.changes).toEqual({ create: 6 });
  expect(stack.diagnostics("info")).toContain("hello from the program");
  expect(stack.diagnostics("info#err")).toContain("a word of warning");
  const [second] = await stack.find("second");
  expect(second?.inputs).toMatchObject({ list: [1, null, "<&>"] });
  expect(second?.dependencies).toEqual([expect.stringMatching(/::first$/)]);
  const again = await up(stack.options({ config }));
  expect(again).toEqual({ changes: { same: 6 }, outputs: made.outputs });
  const { root, backend, passphrase } = stack.options();
  const outputs = await readStackOutputs({ root, stack: "dev", backend, passphrase });
  expect(outputs).toEqual(made.outputs);
});

test("a program that does not come to its end deletes nothing", async () => {
  const stack = await projectStack();
  await up(stack.options());
  stack.changes();
  const before = await stack.resources();
  const endings: [behaviour: string, code: string, message: RegExp][] = [
    ["throw", "TNT-313", /program failed/],
    ["exit", "TNT-313", /exit code 7/],
    ["leave", "TNT-313", /before it had declared everything/],
    ["get", "TNT-308", /\.get\(\)/],
  ];
  for (const [behaviour, code, message] of endings) {
    const failed = up(stack.options({ config: { "proj:behaviour": behaviour } }));
    await expect(failed, behaviour).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    if (behaviour === "throw")
      expect(stack.diagnostics("error").join()).toContain("the program had enough");
  }
  expect(stack.changes()).toEqual([]);
  expect(await stack.resources()).toEqual(before);
});

test("a program whose resource is refused says nothing of its own", async () => {
  const stack = await projectStack();
  for (const run of [preview, up]) {
    const failed = run(stack.options({ config: { "proj:behaviour": "refused" } }));
    await expect(failed).rejects.toMatchObject({ code: "TNT-319" });
    expect(stack.diagnostics("error")).toEqual([expect.stringMatching(/bad: it is too big/)]);
    expect(stack.diagnostics("info#err")).toEqual(["a word of warning"]);
  }
});

test("what the SDK cannot log any more when the run is over is not shown", () => {
  // As in a program whose engine has ended the run while other resources waited for their answers.
  const late = `
    const settings = require("@pulumi/pulumi/runtime/settings");
    settings.resetOptions("p", "s", 1, "127.0.0.1:9", "127.0.0.1:9", false, "o");
    require("@pulumi/pulumi/log").error("the program failed");
    settings.terminateRpcs();
    console.error("of its own");`;
  const stderr = (...guard: string[]) =>
    spawnSync(process.execPath, [...guard, "-e", late], { cwd: ROOT, encoding: "utf8" }).stderr;
  expect(stderr()).toContain("failed to deliver log message");
  expect(stderr(`--import=${join(ROOT, "src/engine/program-guard.ts")}`)).toBe("of its own\n");
});
