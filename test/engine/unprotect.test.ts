import { expect, test } from "vitest";
import { unprotect } from "../../src/engine/local-engine.ts";
import { TestStack } from "../support/test-stack.ts";

test("protection is lifted of what is meant, and comes back with the next run", async () => {
  const stack = await TestStack.create();
  const protectedOnes = async () =>
    (await stack.resources())
      .filter(({ protect }) => protect)
      .map(({ urn }) => urn.split("::").at(-1));
  await stack.up(async (declare) => {
    for (const name of ["a", "b", "c"])
      await declare.resource(name, { x: 1 }, { protect: name < "c" });
  });
  expect(await protectedOnes()).toEqual(["a", "b"]);
  const isMeant = (urn: string): boolean => !urn.endsWith("::a");
  const [urn, ...more] = await unprotect(stack.options(), isMeant);
  expect(urn).toMatch(/::b$/);
  expect(more).toEqual([]);
  expect(await protectedOnes()).toEqual(["a"]);
  expect(await unprotect(stack.options(), isMeant)).toEqual([]);
  expect(await stack.find("b")).toMatchObject([{ inputs: { x: 1 } }]);
  await stack.up(async (declare) => {
    await declare.resource("a", { x: 1 }, { protect: true });
  });
  expect(await protectedOnes()).toEqual(["a"]);
});
