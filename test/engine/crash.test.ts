import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { EngineProcess } from "../support/engine-process.ts";
import { programOf, thing } from "../support/program-data.ts";
import type { ProgramData } from "../support/program-data.ts";
import { goneFrom } from "../support/processes.ts";
import { TestStack } from "../support/test-stack.ts";

const COUNT = 6;

const data = (step: number): ProgramData => ({
  declares: Array.from({ length: COUNT }, (_, index) => thing(`r${index}`, { step })),
});

const program = (step: number) => programOf(data(step));

/** Kills an engine while the plugin does one thing: it has begun, or even done it, and the engine has not heard of it. */
async function killedDuring(
  stack: TestStack,
  call: "create" | "update" | "delete",
  step: number,
): Promise<void> {
  stack.changes();
  stack.world.hold();
  const operation = call === "delete" ? "destroy" : "up";
  const engine = new EngineProcess(stack, { operation, program: data(step) });
  while (!stack.changes().some((change) => change.startsWith(call))) await sleep(10);
  engine.child.kill("SIGKILL");
  await engine.ended;
  // Its plugin must be gone before the next run looks at the world.
  await goneFrom(stack.root);
  stack.world.release();
}

/** Whatever was interrupted: nothing is there twice, nothing is forgotten. */
async function expectWhole(stack: TestStack, step: number): Promise<void> {
  expect(stack.world.objects.map(({ inputs }) => inputs.step)).toEqual(Array(COUNT).fill(step));
  const things = (await stack.resources()).filter(({ type }) => type === "fake:index:Thing");
  expect(things.map(({ id }) => id).sort()).toEqual(stack.world.objects.map(({ id }) => id).sort());
  expect((await stack.state()).pending_operations).toBeUndefined();
  expect(await readdir(join(stack.stateFile, ".."))).not.toContain("dev.json.journal");
  expect((await stack.up(program(step))).changes).toEqual({ same: COUNT + 1 });
}

test("an engine killed while something is created, and again", async () => {
  const stack = await TestStack.create();
  await killedDuring(stack, "create", 1);
  await killedDuring(stack, "create", 1);
  await stack.up(program(1));
  await expectWhole(stack, 1);
});

test("an engine killed while something is updated, and again", async () => {
  const stack = await TestStack.create();
  await stack.up(program(1));
  await killedDuring(stack, "update", 2);
  await killedDuring(stack, "update", 2);
  await stack.up(program(2));
  await expectWhole(stack, 2);
});

test("an engine killed while something is deleted", async () => {
  const stack = await TestStack.create();
  await stack.up(program(1));
  await killedDuring(stack, "delete", 1);
  await stack.destroy();
  expect(stack.world.objects).toEqual([]);
  expect(await stack.resources()).toEqual([]);
});

test("after a crash a preview sees what the journal holds, warns, and leaves everything as it is", async () => {
  const stack = await TestStack.create();
  await stack.up(programOf({ declares: data(1).declares.slice(0, 3) }));
  await killedDuring(stack, "create", 1);
  const files = await readdir(join(stack.stateFile, ".."));
  expect(files).toContain("dev.json.journal");
  const { changes } = await stack.preview(program(1));
  expect(changes).toEqual({ same: 4, create: 3 });
  expect(stack.diagnostics("warning").join()).toContain("while this resource was being created");
  expect(await readdir(join(stack.stateFile, ".."))).toEqual(files);
  await stack.up(program(1));
  expect(stack.diagnostics("warning").join()).toContain("lock is taken over");
  await expectWhole(stack, 1);
});
