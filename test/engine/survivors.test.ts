import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { EngineProcess } from "../support/engine-process.ts";
import { goneFrom, processesIn } from "../support/processes.ts";
import { useProgram } from "../support/sdk-project.ts";
import { TestStack } from "../support/test-stack.ts";

const PROGRAM = join(import.meta.dirname, "programs", "things.ts");

/** An engine at work: its program and its plugins run, and something is under way. */
async function atWork(): Promise<{ stack: TestStack; engine: EngineProcess }> {
  const stack = await TestStack.create();
  await useProgram(stack, PROGRAM);
  stack.world.hold();
  const engine = new EngineProcess(stack);
  while (stack.world.objects.length === 0) await sleep(10);
  expect(processesIn(stack.root).length).toBeGreaterThanOrEqual(2);
  return { stack, engine };
}

describe.skipIf(process.platform !== "linux")("nothing outlives the engine", () => {
  test.each([
    ["killed", ["SIGKILL"]],
    ["crashed", ["SIGABRT"]],
    ["interrupted twice", ["SIGINT", "SIGINT"]],
    ["ended twice", ["SIGTERM", "SIGTERM"]],
  ] as const)("that is %s", async (_how, signals) => {
    const { stack, engine } = await atWork();
    for (const [index, signal] of signals.entries()) {
      if (index > 0) while (!engine.stderr.includes("finishing")) await sleep(10);
      engine.signalGroup(signal);
    }
    expect((await engine.ended).signal).toBe(signals.at(-1));
    await goneFrom(stack.root);
  });

  test("whose terminal is gone, when what is in flight is finished", async () => {
    const { stack, engine } = await atWork();
    engine.signalGroup("SIGHUP");
    stack.world.release();
    expect((await engine.ended).code).toBe(130);
    expect(processesIn(stack.root)).toEqual([]);
  });

  test("not even a plugin that heeds nothing, or a program that never rests", async () => {
    const stack = await TestStack.create();
    await useProgram(stack, PROGRAM);
    const config = { "proj:behaviour": "spin" };
    const engine = new EngineProcess(stack, { config, env: { FAKE_STUBBORN: "1" } });
    while (stack.world.objects.length === 0) await sleep(10);
    engine.child.kill("SIGKILL");
    await engine.ended;
    await goneFrom(stack.root);
  });
});
