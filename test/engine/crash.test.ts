import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Declare } from "../support/test-program.ts";
import { TestStack } from "../support/test-stack.ts";

const CHILD = join(import.meta.dirname, "..", "support", "engine-child.ts");
const COUNT = 6;
const SLOW = 30;

const program =
  (step: number, slow = SLOW) =>
  async (declare: Declare) => {
    for (let index = 0; index < COUNT; index += 1)
      await declare.resource(`r${index}`, { step, slow });
  };

/** Runs an engine in a process of its own and kills it once the plugin has had so many changing calls. */
async function killedAfter(
  stack: TestStack,
  operation: "up" | "destroy",
  {
    calls,
    delay,
    step,
    slow = SLOW,
  }: { calls: number; delay: number; step: number; slow?: number },
): Promise<void> {
  const { root, stack: name, backend, passphrase, encryptionSalt } = stack.options();
  const options = { root, stack: name, backend, passphrase, encryptionSalt };
  const text = JSON.stringify({ ...options, count: COUNT, slow, step });
  const child = spawn(process.execPath, [CHILD, operation, text], { stdio: "inherit" });
  const ended = once(child, "exit");
  let seen = 0;
  while (seen < calls && child.exitCode === null) {
    await sleep(3);
    seen += stack.changes().length;
  }
  await sleep(delay);
  child.kill("SIGKILL");
  await ended;
  // Its plugin finds out by itself, and must be gone before the next run looks at the world.
  await sleep(700);
}

/** Whatever was interrupted: nothing is there twice, nothing is forgotten. */
async function expectWhole(stack: TestStack, step: number, slow = SLOW): Promise<void> {
  expect(stack.world.objects.map(({ inputs }) => inputs.step)).toEqual(Array(COUNT).fill(step));
  const things = (await stack.resources()).filter(({ type }) => type === "fake:index:Thing");
  expect(things.map(({ id }) => id).sort()).toEqual(stack.world.objects.map(({ id }) => id).sort());
  expect((await stack.state()).pending_operations).toBeUndefined();
  expect(await readdir(join(stack.stateFile, ".."))).not.toContain("dev.json.journal");
  expect((await stack.up(program(step, slow))).changes).toEqual({ same: COUNT + 1 });
}

test.each([
  { calls: 1, delay: 0 },
  { calls: 3, delay: 15 },
  { calls: 4, delay: 34 },
  { calls: COUNT, delay: 40 },
])("an engine killed while it creates ($calls calls, $delay ms)", async (when) => {
  const stack = await TestStack.create();
  await killedAfter(stack, "up", { ...when, step: 1 });
  await stack.up(program(1));
  await expectWhole(stack, 1);
});

test("an engine killed while it updates, and again", async () => {
  const stack = await TestStack.create();
  await stack.up(program(1));
  stack.changes();
  await killedAfter(stack, "up", { calls: 2, delay: 10, step: 2 });
  await killedAfter(stack, "up", { calls: 1, delay: 20, step: 2 });
  await stack.up(program(2));
  await expectWhole(stack, 2);
});

test("an engine killed while it deletes", async () => {
  const stack = await TestStack.create();
  await stack.up(program(1));
  stack.changes();
  await killedAfter(stack, "destroy", { calls: 3, delay: 10, step: 1 });
  await stack.destroy();
  expect(stack.world.objects).toEqual([]);
  expect(await stack.resources()).toEqual([]);
});

test("after a crash a preview sees what the journal holds, warns, and leaves everything as it is", async () => {
  const stack = await TestStack.create();
  // Long enough that the fourth one is surely under way.
  const slow = 600;
  await killedAfter(stack, "up", { calls: 4, delay: 5, step: 1, slow });
  const files = await readdir(join(stack.stateFile, ".."));
  const { changes } = await stack.preview(program(1, slow));
  expect(changes.same).toBeGreaterThanOrEqual(3);
  expect(stack.diagnostics("warning").join()).toContain("while this resource was being created");
  expect(await readdir(join(stack.stateFile, ".."))).toEqual(files);
  await stack.up(program(1, slow));
  expect(stack.diagnostics("warning").join()).toContain("lock is taken over");
  await expectWhole(stack, 1, slow);
});
