import { expect, test } from "vitest";
import type { EngineEvent } from "../../src/core/engine-event.ts";
import type { Declare } from "../support/test-program.ts";
import { TestStack } from "../support/test-stack.ts";

test("a failed create leaves nothing behind, keeps what was done, and the next run goes on", async () => {
  const stack = await TestStack.create();
  const program = (fail: boolean) => async (declare: Declare) => {
    await declare.resource("a");
    await declare.resource("b", fail ? { failCreate: 1 } : {});
    await declare.resource("c");
  };
  const failed = stack.up(program(true));
  await expect(failed).rejects.toMatchObject({
    code: "TNT-314",
    message: expect.stringContaining("::b: create failed on purpose"),
  });
  expect(stack.events.filter(({ resOpFailedEvent: it }) => it)).toHaveLength(1);
  const error = stack.events.find(({ diagnosticEvent: it }) => it?.severity === "error");
  expect(error?.diagnosticEvent?.urn).toMatch(/::b$/);
  expect(stack.events.at(-2)?.summaryEvent).toMatchObject({ result: "failed", isPreview: false });
  expect(stack.events.at(-1)).toHaveProperty("cancelEvent");
  expect(await stack.find("b")).toEqual([]);
  expect((await stack.state()).pending_operations).toBeUndefined();
  expect(stack.changes()).toEqual(["create a", "create b"]);
  await stack.up(program(false));
  expect(stack.changes()).toEqual(["create b", "create c"]);
});

test("a failed update keeps the old state, and the next run updates again", async () => {
  const stack = await TestStack.create();
  const program = (inputs: Record<string, number>) => async (declare: Declare) => {
    await declare.resource("a", inputs);
  };
  await stack.up(program({ x: 1 }));
  await expect(stack.up(program({ x: 2, failUpdate: 1 }))).rejects.toMatchObject({
    code: "TNT-314",
  });
  expect((await stack.find("a"))[0]?.inputs).toEqual({ def: "x", x: 1 });
  expect((await stack.state()).pending_operations).toBeUndefined();
  stack.changes();
  await stack.up(program({ x: 2 }));
  expect(stack.changes()).toEqual(["update a"]);
});

test("a failed delete keeps the entry, and the next run deletes again", async () => {
  const stack = await TestStack.create();
  await stack.up(async (declare) => {
    await declare.resource("a", { failDelete: 1 });
    await declare.resource("b");
  });
  await expect(stack.up(() => Promise.resolve())).rejects.toMatchObject({ code: "TNT-314" });
  expect(await stack.find("a")).toHaveLength(1);
  expect(stack.world.objects.some(({ id }) => id.startsWith("a-"))).toBe(true);
  stack.changes();
  await expect(stack.destroy()).rejects.toMatchObject({ code: "TNT-314" });
  expect(stack.changes().at(-1)).toBe("delete a");
});

test("when the new one fails after the old one was deleted first, only the create is left to do", async () => {
  const stack = await TestStack.create();
  const program = (inputs: Record<string, number>) => async (declare: Declare) => {
    const a = await declare.resource("a", inputs);
    await declare.resource("b", { r: a.outputs.stable! }, { from: { r: a } });
  };
  await stack.up(program({ d: 1 }));
  await expect(stack.up(program({ d: 2, failCreate: 1 }))).rejects.toMatchObject({
    code: "TNT-314",
  });
  expect((await stack.find("a"))[0]).toMatchObject({ pendingReplacement: true });
  expect((await stack.find("b"))[0]).toMatchObject({ pendingReplacement: true });
  expect(stack.world.objects).toEqual([]);
  stack.changes();
  await stack.up(program({ d: 2 }));
  expect(stack.changes()).toEqual(["create a", "create b"]);
  expect(await stack.find("a")).toHaveLength(1);
  expect((await stack.find("a"))[0]).not.toHaveProperty("pendingReplacement");
});

test("when the old one cannot be deleted after the new one came, the next run deletes it", async () => {
  const stack = await TestStack.create();
  await stack.up(async (declare) => {
    await declare.resource("a", { r: 1, failDelete: 1 });
  });
  const next = async (declare: Declare): Promise<void> => {
    await declare.resource("a", { r: 2 });
  };
  await expect(stack.up(next)).rejects.toMatchObject({ code: "TNT-314" });
  expect((await stack.find("a")).map((it) => it.delete ?? false)).toEqual([false, true]);
  stack.changes();
  await expect(stack.up(next)).rejects.toMatchObject({ code: "TNT-314" });
  expect(stack.changes()).toEqual(["delete a"]);
});

test("what exists but is not complete is kept, and the next run updates it even without a difference", async () => {
  const stack = await TestStack.create();
  const program = (declare: Declare) => declare.resource("a", { init: "waits for the moon" });
  const failed = stack.up(async (declare) => {
    await program(declare);
  });
  await expect(failed).rejects.toThrow("waits for the moon");
  expect((await stack.find("a"))[0]).toMatchObject({ initErrors: ["waits for the moon"] });
  expect(stack.world.objects).toHaveLength(1);
  stack.changes();
  await expect(
    stack.up(async (declare) => {
      await program(declare);
    }),
  ).rejects.toThrow("waits for the moon");
  expect(stack.changes()).toEqual(["update a"]);
  await stack.up(async (declare) => {
    await declare.resource("a", {});
  });
  expect((await stack.find("a"))[0]).not.toHaveProperty("initErrors");
  expect(stack.world.objects).toHaveLength(1);
});

test("inputs a plugin refuses are named all at once, before anything is done", async () => {
  const stack = await TestStack.create();
  const program = async (declare: Declare): Promise<void> => {
    await declare.resource("a", { bad: ["is bad", "is worse"] });
  };
  for (const run of [() => stack.preview(program), () => stack.up(program)])
    await expect(run()).rejects.toMatchObject({
      code: "TNT-319",
      message: expect.stringMatching(/bad: is bad\n.*bad: is worse/),
    });
  expect(stack.changes()).toEqual([]);
});

test("a name that is there twice, and a parent that is not there, are refused", async () => {
  const stack = await TestStack.create();
  await expect(
    stack.preview(async (declare) => {
      await declare.resource("a");
      await declare.resource("a");
    }),
  ).rejects.toMatchObject({ code: "TNT-318", message: expect.stringContaining("same type") });
  await expect(
    stack.preview(async (declare) => {
      await declare.resource(
        "a",
        {},
        { parent: { urn: "urn:pulumi:x::y::z::q", id: "", outputs: {} } },
      );
    }),
  ).rejects.toMatchObject({ code: "TNT-318", message: expect.stringContaining("parent") });
});

test("what the engine does not do, it refuses by name", async () => {
  const stack = await TestStack.create();
  const programs: [string, (declare: Declare) => Promise<unknown>][] = [
    ["the import option", (declare) => declare.resource("a", {}, { importId: "x" })],
    [".get()", (declare) => declare.read("fake:index:Thing", "a", "x")],
    [
      "assets",
      (declare) =>
        declare.resource("a", {
          file: {
            "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17",
            text: "x",
          },
        }),
    ],
    ["pulumi:pulumi:getResource", (declare) => declare.invoke("pulumi:pulumi:getResource", {})],
  ];
  for (const [feature, program] of programs)
    await expect(
      stack.preview(async (declare) => {
        await program(declare);
      }),
      feature,
    ).rejects.toMatchObject({
      code: "TNT-308",
      message: expect.stringMatching(
        new RegExp(`${feature.replaceAll(/[.()]/g, "\\$&")}.*pulumi CLI`),
      ),
    });
});

test("a plugin that dies is named, with what it wrote last", async () => {
  const stack = await TestStack.create();
  const failed = stack.up(async (declare) => {
    await declare.resource("a", { crash: true });
  });
  await expect(failed).rejects.toMatchObject({
    code: "TNT-310",
    message: expect.stringMatching(/"fake" was ended by SIGKILL.*crashing on purpose/s),
  });
});

test("an unknown plugin is refused with the places that were searched", async () => {
  const stack = await TestStack.create();
  const failed = stack.preview(async (declare) => {
    await declare.resource("a", {}, { type: "nowhere:index:Thing", version: "1.2.3" });
  });
  await expect(failed).rejects.toMatchObject({
    code: "TNT-309",
    message: expect.stringMatching(/pulumi-resource-nowhere.*1\.2\.3.*\$PATH.*plugins/s),
  });
});

test("a failure lets what is under way finish, and begins nothing more", async () => {
  const stack = await TestStack.create();
  const failed = stack.up(async (declare) => {
    await Promise.allSettled([
      declare.resource("slow", { slow: 400 }),
      declare
        .resource("bad", { failCreate: 1 })
        .catch(() => undefined)
        .then(() => declare.resource("late")),
    ]);
  });
  await expect(failed).rejects.toMatchObject({ code: "TNT-314" });
  expect(await stack.find("slow")).toHaveLength(1);
  expect(stack.changes()).not.toContain("create late");
  expect(await stack.find("late")).toEqual([]);
});

test("Ctrl-C finishes what is under way, records it, and deletes nothing", async () => {
  const stack = await TestStack.create();
  await stack.up(async (declare) => {
    await declare.resource("old");
  });
  stack.world.takeCalls();
  const interruption = new AbortController();
  const events: EngineEvent[] = [];
  const failed = stack.up(
    async (declare) => {
      await declare.resource("slow", { slow: 400 });
      await declare.resource("never");
    },
    {
      signal: interruption.signal,
      onEvent: (event) => {
        events.push(event);
        if (event.resourcePreEvent?.metadata.urn.endsWith("::slow"))
          setTimeout(() => {
            interruption.abort();
          }, 50);
      },
    },
  );
  await expect(failed).rejects.toMatchObject({ code: "TNT-316" });
  expect(await stack.find("slow")).toHaveLength(1);
  expect(await stack.find("old")).toHaveLength(1);
  const calls = stack.world.takeCalls().map(([call, name]) => `${call} ${name}`);
  expect(calls).toContain("cancel ");
  expect(calls).not.toContain("create never");
  expect((await stack.state()).pending_operations).toBeUndefined();
  expect(events.at(-2)?.summaryEvent?.result).toBe("canceled");
});

test("a provider that nobody declared is refused, once for however many that use it", async () => {
  const stack = await TestStack.create();
  const run = stack.up(async (declare) => {
    const unknown = {
      urn: "urn:pulumi:dev::proj::pulumi:providers:fake::none",
      id: "0",
      outputs: {},
    };
    const names = ["a", "b", "c"];
    await Promise.all(names.map((name) => declare.resource(name, {}, { provider: unknown })));
  });
  await expect(run).rejects.toMatchObject({
    code: "TNT-318",
    message: expect.stringContaining("it is used as a provider and is none") as string,
  });
  expect(stack.world.objects).toEqual([]);
});
