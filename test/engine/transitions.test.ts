import { expect, test } from "vitest";
import { secret } from "../../src/protocol/values.ts";
import { TestStack } from "../support/test-stack.ts";

test("an update changes the object in place and keeps what it is", async () => {
  const stack = await TestStack.create();
  await stack.up(async (declare) => {
    await declare.resource("a", { x: 1 });
  });
  const [before] = await stack.find("a");
  stack.changes();
  const { changes } = await stack.up(async (declare) => {
    await declare.resource("a", { x: 2 });
  });
  const [after] = await stack.find("a");
  expect(changes).toEqual({ same: 1, update: 1 });
  expect(stack.changes()).toEqual(["update a"]);
  expect(after).toMatchObject({ id: before?.id, created: before?.created, inputs: { x: 2 } });
  expect(after?.modified).not.toBe(before?.modified);
});

test("a replacement creates the new one first and deletes the old one last", async () => {
  const stack = await TestStack.create();
  await stack.up(async (declare) => {
    const a = await declare.resource("a", { r: 1 });
    await declare.resource("b", { of: a.outputs.stable! }, { from: { of: a } });
  });
  stack.changes();
  const { changes } = await stack.up(async (declare) => {
    const a = await declare.resource("a", { r: 2 });
    await declare.resource("b", { of: a.outputs.stable! }, { from: { of: a } });
  });
  expect(changes).toEqual({ same: 1, replace: 1, update: 1 });
  expect(stack.changes()).toEqual(["create a", "update b", "delete a"]);
  expect(await stack.find("a")).toHaveLength(1);
  expect(stack.world.objects).toHaveLength(2);
});

test("delete-before-replace takes the dependents that must be replaced with it, and only those", async () => {
  const stack = await TestStack.create();
  const program = (d: number) => async (declare: Parameters<Parameters<typeof stack.up>[0]>[0]) => {
    const a = await declare.resource("a", { d });
    const b = await declare.resource("b", { r: a.outputs.stable! }, { from: { r: a } });
    await declare.resource("c", { x: b.id }, { from: { x: b } });
    await declare.resource("e", { r: b.id }, { from: { r: b } });
  };
  await stack.up(program(1));
  stack.changes();
  const { changes } = await stack.up(program(2));
  expect(stack.changes()).toEqual([
    "delete e",
    "delete b",
    "delete a",
    "create a",
    "create b",
    "update c",
    "create e",
  ]);
  expect(changes).toEqual({ same: 1, replace: 3, update: 1 });
  expect((await stack.resources()).filter((it) => it.pendingReplacement ?? it.delete)).toEqual([]);
  expect((await stack.up(program(2))).changes).toEqual({ same: 5 });
});

test("the option deleteBeforeReplace beats the plugin", async () => {
  const stack = await TestStack.create();
  await stack.up(async (declare) => {
    await declare.resource("a", { r: 1 });
    await declare.resource("b", { d: 1 });
  });
  stack.changes();
  await stack.up(async (declare) => {
    await declare.resource("a", { r: 2 }, { deleteBeforeReplace: true });
    await declare.resource("b", { d: 2 }, { deleteBeforeReplace: false });
  });
  expect(stack.changes()).toEqual(["delete a", "create a", "create b", "delete b"]);
});

test("a dependent of a deleted-first resource that is gone from the program is only forgotten", async () => {
  const stack = await TestStack.create();
  await stack.up(async (declare) => {
    const a = await declare.resource("a", { d: 1 });
    await declare.resource("b", { r: a.outputs.stable! }, { from: { r: a } });
  });
  stack.changes();
  await stack.up(async (declare) => {
    await declare.resource("a", { d: 2 });
  });
  expect(stack.changes()).toEqual(["delete b", "delete a", "create a"]);
  expect(await stack.find("b")).toEqual([]);
});

test("replaceOnChanges makes a replacement of an update", async () => {
  const stack = await TestStack.create();
  await stack.up(async (declare) => {
    await declare.resource("a", { x: 1 });
  });
  stack.changes();
  await stack.up(async (declare) => {
    await declare.resource("a", { x: 2 }, { replaceOnChanges: ["x"] });
  });
  expect(stack.changes()).toEqual(["create a", "delete a"]);
});

test("a new name with an alias is no change, for the children too", async () => {
  const stack = await TestStack.create();
  await stack.up(async (declare) => {
    const group = await declare.component("old");
    const a = await declare.resource("old-a", { x: 1 }, { parent: group });
    await declare.resource("b", { x: a.id }, { parent: group, from: { x: a } });
  });
  stack.changes();
  const { changes } = await stack.up(async (declare) => {
    const group = await declare.component("new", {}, { aliases: [{ name: "old" }] });
    const a = await declare.resource("new-a", { x: 1 }, { parent: group });
    await declare.resource("b", { x: a.id }, { parent: group, from: { x: a } });
  });
  expect(changes).toEqual({ same: 4 });
  expect(stack.changes()).toEqual([]);
  const urns = (await stack.resources()).flatMap(({ urn, parent, dependencies = [] }) => [
    urn,
    parent,
    ...dependencies,
  ]);
  expect(urns.filter((urn) => urn?.includes("::old"))).toEqual([]);
});

test("a provider that gets another name keeps its resources", async () => {
  const stack = await TestStack.create();
  await stack.up(async (declare) => {
    const provider = await declare.provider("p", { region: "x" });
    await declare.resource("a", { x: 1 }, { provider });
    await declare.resource("gone", {}, { provider });
  });
  stack.changes();
  const { changes } = await stack.up(async (declare) => {
    const provider = await declare.provider("q", { region: "x" }, { aliases: [{ name: "p" }] });
    await declare.resource("a", { x: 1 }, { provider });
  });
  expect(changes).toEqual({ same: 3, delete: 1 });
  expect(stack.changes()).toEqual(["delete gone"]);
});

test("two resources cannot claim one alias", async () => {
  const stack = await TestStack.create();
  await stack.up(async (declare) => {
    await declare.resource("a");
  });
  await expect(
    stack.up(async (declare) => {
      await declare.resource("b", {}, { aliases: [{ name: "a" }] });
      await declare.resource("c", {}, { aliases: [{ name: "a" }] });
    }),
  ).rejects.toMatchObject({ code: "TNT-318" });
});

test("protected resources are neither deleted nor replaced, and the refusal comes before any deletion", async () => {
  const stack = await TestStack.create();
  await stack.up(async (declare) => {
    await declare.resource("free");
    await declare.resource("kept", { r: 1 }, { protect: true });
  });
  stack.changes();
  const refused = { code: "TNT-315" };
  const empty = (): Promise<void> => Promise.resolve();
  await expect(stack.preview(empty)).rejects.toMatchObject(refused);
  const told = stack.events.flatMap(({ resourcePreEvent: event }) => event?.metadata ?? []);
  const deletions = told.filter(({ op }) => op === "delete");
  expect(deletions.map(({ old }) => old?.protect ?? false)).toEqual([false, true]);
  await expect(stack.up(empty)).rejects.toMatchObject(refused);
  await expect(stack.destroy()).rejects.toMatchObject(refused);
  await expect(stack.destroy({ previewOnly: true })).rejects.toMatchObject(refused);
  const replaced = async (declare: Parameters<Parameters<typeof stack.up>[0]>[0]) => {
    await declare.resource("free");
    await declare.resource("kept", { r: 2 }, { protect: true });
  };
  await expect(stack.preview(replaced)).rejects.toMatchObject(refused);
  await expect(stack.up(replaced)).rejects.toMatchObject(refused);
  expect(stack.changes()).toEqual([]);
});

test("taking the protection away is written, though nothing else changes", async () => {
  const stack = await TestStack.create();
  await stack.up(async (declare) => {
    await declare.resource("a", {}, { protect: true });
  });
  const { changes } = await stack.up(async (declare) => {
    await declare.resource("a", {}, { protect: false });
  });
  expect(changes).toEqual({ same: 2 });
  expect((await stack.find("a"))[0]).not.toHaveProperty("protect");
  await stack.destroy();
  expect(stack.world.objects).toEqual([]);
});

test("retainOnDelete forgets the resource and leaves the object", async () => {
  const stack = await TestStack.create();
  await stack.up(async (declare) => {
    await declare.resource("a", {}, { retainOnDelete: true });
  });
  await stack.up(() => Promise.resolve());
  expect(await stack.find("a")).toEqual([]);
  expect(stack.world.objects).toHaveLength(1);
  expect(stack.changes()).toEqual(["create a"]);
});

test("deletedWith spares the delete only when the other one goes too", async () => {
  const stack = await TestStack.create();
  const both = async (declare: Parameters<Parameters<typeof stack.up>[0]>[0]) => {
    const a = await declare.resource("a");
    await declare.resource("b", {}, { deletedWith: a });
  };
  await stack.up(both);
  await stack.up(async (declare) => {
    await declare.resource("a");
  });
  expect(stack.changes()).toEqual(["create a", "create b", "delete b"]);
  await stack.up(both);
  await stack.destroy();
  expect(stack.changes()).toEqual(["create b", "delete a"]);
});

test("a resource deleted with another is replaced with it", async () => {
  const stack = await TestStack.create();
  const program = (r: number) => async (declare: Parameters<Parameters<typeof stack.up>[0]>[0]) => {
    const a = await declare.resource("a", { r });
    await declare.resource("b", {}, { deletedWith: a });
  };
  await stack.up(program(1));
  stack.changes();
  await stack.up(program(2));
  expect(stack.changes()).toEqual(["create a", "create b", "delete a"]);
});

test("ignoreChanges keeps what was there", async () => {
  const stack = await TestStack.create();
  await stack.up(async (declare) => {
    await declare.resource("a", { x: 1, deep: { y: 1, z: 1 } });
  });
  stack.changes();
  const { changes } = await stack.up(async (declare) => {
    const options = { ignoreChanges: ["x", "deep.y"] };
    await declare.resource("a", { x: 2, deep: { y: 2, z: 1 } }, options);
  });
  expect(changes).toEqual({ same: 2 });
  expect((await stack.find("a"))[0]?.inputs).toMatchObject({ x: 1, deep: { y: 1, z: 1 } });
});

test("secrets are encrypted in the file, and keep their ciphertext as long as they are the same", async () => {
  const stack = await TestStack.create();
  const program = (x: number) => async (declare: Parameters<Parameters<typeof stack.up>[0]>[0]) => {
    const inputs = { password: secret("hush hush"), x };
    await declare.resource("a", inputs, { secretOutputs: ["stable"] });
    return { open: 1, hidden: secret({ key: "out of sight" }) };
  };
  const { outputs } = await stack.up(program(1));
  expect(outputs).toEqual({ open: 1, hidden: "[secret]" });
  const [before] = await stack.find("a");
  const text = JSON.stringify(await stack.state());
  expect(text).not.toContain("hush hush");
  expect(text).not.toContain("out of sight");
  expect(before?.outputs?.stable).toHaveProperty("ciphertext");
  await stack.up(program(2));
  const [after] = await stack.find("a");
  expect(after?.inputs?.password).toEqual(before?.inputs?.password);
  expect(JSON.stringify(stack.events)).not.toContain("hush hush");
});

test("a plugin that knows no secrets gets plain values, and what comes back is secret again", async () => {
  process.env.FAKE_PLAIN = "1";
  try {
    const stack = await TestStack.create();
    await stack.up(async (declare) => {
      await declare.resource("a", { password: secret("hush hush") });
    });
    const [, , payload] = stack.world.takeCalls().find(([call]) => call === "create")!;
    expect(payload).toEqual({ def: "x", password: "hush hush" });
    expect(JSON.stringify(await stack.state())).not.toContain("hush hush");
  } finally {
    delete process.env.FAKE_PLAIN;
  }
});

test("a preview knows what it can know, calls nothing that changes, and writes nothing", async () => {
  const stack = await TestStack.create();
  const seen: unknown[] = [];
  const { changes } = await stack.preview(async (declare) => {
    const a = await declare.resource("a", { x: 1 });
    seen.push(a.id, a.outputs.x, a.outputs.volatile);
    await declare.resource("b", { of: a.outputs.volatile! }, { from: { of: a } });
  });
  expect(seen).toEqual(["", 1, "04da6b54-80e4-46f7-96ec-b56ff0331ba9"]);
  expect(changes).toEqual({ create: 3 });
  expect(stack.changes()).toEqual([]);
  await expect(stack.state()).rejects.toThrow("ENOENT");
});

test("a provider whose configuration is not known in a preview is not asked", async () => {
  const stack = await TestStack.create();
  await stack.preview(async (declare) => {
    const a = await declare.resource("a");
    const provider = await declare.provider(
      "p",
      { url: a.outputs.volatile! },
      { from: { url: a } },
    );
    const b = await declare.resource("b", { x: 1 }, { provider });
    expect(b.outputs).toEqual({});
  });
  const calls = stack.world.takeCalls().map(([call, name]) => `${call} ${name}`);
  expect(calls).toEqual(["configure default", "check a", "previewCreate a", "cancel ", "cancel "]);
});

test("what a plugin leaves to the engine is compared by value", async () => {
  const stack = await TestStack.create();
  const type = "fake:index:Unknown";
  await stack.up(async (declare) => {
    await declare.resource("a", { x: { y: 1 } }, { type });
  });
  stack.changes();
  const same = await stack.up(async (declare) => {
    await declare.resource("a", { x: secret({ y: 1 }) }, { type });
  });
  expect(same.changes).toEqual({ same: 2 });
  const changed = await stack.up(async (declare) => {
    await declare.resource("a", { x: { y: 2 } }, { type });
  });
  expect(changed.changes).toEqual({ same: 1, update: 1 });
  const step = stack.events.find(({ resourcePreEvent: event }) => event?.metadata.op === "update");
  expect(step?.resourcePreEvent?.metadata.detailedDiff).toEqual({
    "x.y": { diffKind: "update", inputDiff: true },
  });
});

test("another provider configuration reaches the plugin; one that replaces the provider is refused", async () => {
  const stack = await TestStack.create();
  const program =
    (region: string, token: string) =>
    async (declare: Parameters<Parameters<typeof stack.up>[0]>[0]) => {
      const provider = await declare.provider("p", { region, token });
      await declare.resource("a", {}, { provider });
    };
  await stack.up(program("x", "one"));
  stack.world.takeCalls();
  const { changes } = await stack.up(program("x", "two"));
  expect(changes).toEqual({ same: 2, update: 1 });
  expect(stack.world.takeCalls()[0]).toEqual(["configure", "p", { region: "x", token: "two" }]);
  await expect(stack.up(program("y", "two"))).rejects.toMatchObject({ code: "TNT-308" });
});

test("a default provider has its version and its settings", async () => {
  const stack = await TestStack.create();
  await stack.up(
    async (declare) => {
      await declare.resource("a", {}, { version: "3.18.1" });
    },
    { config: { "fake:region": "x", "other:key": "y" } },
  );
  const [provider] = await stack.find("default_3_18_1");
  expect(provider).toMatchObject({
    type: "pulumi:providers:fake",
    inputs: { region: "x", version: "3.18.1", __internal: {} },
    outputs: { region: "x", version: "3.18.1" },
  });
  expect(provider).not.toHaveProperty("parent");
});

test("custom timeouts reach the state in seconds", async () => {
  const stack = await TestStack.create();
  await stack.up(async (declare) => {
    await declare.resource("a", {}, { createTimeout: "1m30s" });
  });
  expect((await stack.find("a"))[0]?.customTimeouts).toEqual({ create: 90 });
});

test("refresh takes over what changed in the world, and forgets what is gone", async () => {
  const stack = await TestStack.create();
  const program = async (declare: Parameters<Parameters<typeof stack.up>[0]>[0]) => {
    const a = await declare.resource("a", { x: 1 });
    const b = await declare.resource("b", { x: 1 });
    await declare.resource("c", { of: b.id, x: a.id }, { from: { of: b, x: a } });
  };
  await stack.up(program);
  const [a, b] = stack.world.objects;
  stack.world.put({ ...a!, inputs: { ...a?.inputs, x: 5 } });
  stack.world.remove(b!.id);
  const drift = await stack.refresh({ previewOnly: true });
  expect(drift.changes).toEqual({ same: 2, update: 1, delete: 1 });
  expect((await stack.find("a"))[0]?.inputs).toMatchObject({ x: 1 });
  await stack.refresh();
  expect((await stack.find("a"))[0]?.inputs).toMatchObject({ x: 5 });
  expect(await stack.find("b")).toEqual([]);
  expect((await stack.find("c"))[0]?.dependencies).toEqual([a?.urn]);
  stack.changes();
  await stack.up(program);
  expect(stack.changes()).toEqual(["update a", "create b", "update c"]);
});

test("a component keeps its outputs, and a call to the plugin gets its answer", async () => {
  const stack = await TestStack.create();
  await stack.up(async (declare) => {
    const group = await declare.component("group", { x: 1 });
    await declare.outputs(group, { y: 2 });
    expect(await declare.invoke("fake:index:echo", { z: 3 })).toEqual({ echo: { z: 3 } });
  });
  expect((await stack.find("group"))[0]).toMatchObject({ inputs: { x: 1 }, outputs: { y: 2 } });
});
