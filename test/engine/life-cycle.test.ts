import { expect, test } from "vitest";
import { TestStack } from "../support/test-stack.ts";

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
