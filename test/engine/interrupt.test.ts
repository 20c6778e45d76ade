import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { EngineProcess } from "../support/engine-process.ts";
import { programOf, thing } from "../support/program-data.ts";
import type { ProgramData } from "../support/program-data.ts";
import { goneFrom } from "../support/processes.ts";
import { TestStack } from "../support/test-stack.ts";

const DATA: ProgramData = { declares: [thing("first"), thing("second")] };

/** An engine whose plugin has made the first object and has not answered yet. */
async function busyEngine(): Promise<{ stack: TestStack; engine: EngineProcess }> {
  const stack = await TestStack.create();
  stack.world.hold();
  const engine = new EngineProcess(stack, { program: DATA });
  while (stack.world.objects.length === 0) await sleep(10);
  return { stack, engine };
}

async function isFinishing(engine: EngineProcess): Promise<void> {
  while (!engine.stderr.includes("finishing")) await sleep(10);
}

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s once finishes what is in flight and saves it",
  async (signal) => {
    const { stack, engine } = await busyEngine();
    engine.signalGroup(signal);
    await isFinishing(engine);
    expect(engine.child.exitCode).toBeNull();
    stack.world.release();
    expect(await engine.ended).toMatchObject({
      code: 130,
      stderr: expect.stringContaining("TNT-316"),
    });
    expect(await stack.find("first")).toHaveLength(1);
    expect(await stack.find("second")).toEqual([]);
    expect((await stack.state()).pending_operations).toBeUndefined();
    expect(existsSync(`${stack.stateFile}.journal`)).toBe(false);
    expect(await readdir(stack.lockDirectory)).toEqual([]);
    stack.changes();
    await stack.up(programOf(DATA));
    expect(stack.changes()).toEqual(["create second"]);
  },
);

test("twice stops at once, and the next run recovers", async () => {
  const { stack, engine } = await busyEngine();
  engine.signalGroup("SIGINT");
  await isFinishing(engine);
  engine.signalGroup("SIGINT");
  expect(await engine.ended).toMatchObject({ code: null, signal: "SIGINT" });
  await goneFrom(stack.root);
  stack.world.release();
  await stack.up(programOf(DATA));
  expect(stack.diagnostics("warning").join()).toContain("while this resource was being created");
  expect([...stack.world.idsGiven]).toEqual([
    ["first", 1],
    ["second", 1],
  ]);
  expect((await stack.up(programOf(DATA))).changes).toEqual({ same: 3 });
});

test("a terminal that closes sends SIGHUP again and again, which hurries nothing", async () => {
  const { stack, engine } = await busyEngine();
  engine.signalGroup("SIGHUP");
  await isFinishing(engine);
  engine.signalGroup("SIGHUP");
  engine.signalGroup("SIGHUP");
  stack.world.release();
  expect(await engine.ended).toMatchObject({ code: 130 });
  expect(await stack.find("first")).toHaveLength(1);
});
