import { expect, test } from "vitest";
import { TestStack } from "../support/test-stack.ts";
import type { TestProgram } from "../support/test-program.ts";

test("preview, up, no change, update, delete, destroy", async () => {
  const stack = await TestStack.create();
  const first = await stack.preview(async (declare) => {
    await declare.resource("a", { x: 1 });
  });
  expect(first.changes).toEqual({ create: 2 });
  expect(stack.world.objects).toEqual([]);
  const made = await stack.up(async (declare) => {
    const a = await declare.resource("a", { x: 1 });
    await declare.resource("b", { of: a.id }, { from: { of: a } });
    return { answer: 42 };
  });
  expect(made).toEqual({ changes: { create: 3 }, outputs: { answer: 42 } });
  expect(stack.changes()).toEqual(["create a", "create b"]);
  const again = await stack.up(async (declare) => {
    const a = await declare.resource("a", { x: 1 });
    await declare.resource("b", { of: a.id }, { from: { of: a } });
    return { answer: 42 };
  });
  expect(again.changes).toEqual({ same: 3 });
  const changed = await stack.up(async (declare) => {
    await declare.resource("a", { x: 2 });
    return { answer: 42 };
  });
  expect(changed.changes).toEqual({ same: 1, update: 1, delete: 1 });
  expect(stack.changes()).toEqual(["update a", "delete b"]);
  const gone = await stack.destroy();
  expect(gone.changes).toEqual({ delete: 2 });
  expect(stack.world.objects).toEqual([]);
  expect(await stack.resources()).toEqual([]);
});

test("plugins are asked about several resources at once, and as many as may run in parallel", async () => {
  const names = Array.from({ length: 20 }, (_, index) => `r${index}`);
  const program: TestProgram = async (declare) => {
    await Promise.all(names.map((name) => declare.resource(name, { x: 1 })));
  };
  const stack = await TestStack.create();
  await stack.up(program);
  stack.world.takeCalls();
  /** How many resources were asked about between a question about one and the next about the same. */
  const overlaps = async (parallel: number): Promise<number> => {
    expect((await stack.up(program, { parallel })).changes).toEqual({ same: 21 });
    const asked = stack.world.takeCalls().filter(([call]) => call === "check" || call === "diff");
    expect(asked).toHaveLength(2 * names.length);
    return asked.filter(([call, name], index) => call === "diff" && asked[index - 1]?.[1] !== name)
      .length;
  };
  expect(await overlaps(8)).toBeGreaterThan(0);
  expect(await overlaps(1)).toBe(0);
});
