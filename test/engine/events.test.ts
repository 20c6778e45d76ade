import { expect, test } from "vitest";
import type { EngineEvent } from "../../src/core/engine-event.ts";
import { Events } from "../../src/engine/events.ts";
import type { Resource } from "../../src/engine/resource.ts";
import { STATUS } from "../../src/engine/step-failure.ts";
import { SECRET_SIGNATURE, SIGNATURE, UNKNOWN, secret } from "../../src/protocol/values.ts";
import { TestStack } from "../support/test-stack.ts";
import type { TestProgram } from "../support/test-program.ts";

/** The fields of the Pulumi CLI's events, from its apitype/events.go: always there, and there when they say something. */
const FIELDS: Readonly<Record<string, readonly [always: string[], sometimes: string[]]>> = {
  preludeEvent: [["config"], []],
  resourcePreEvent: [["metadata"], ["planning"]],
  resOutputsEvent: [["metadata"], ["planning"]],
  resOpFailedEvent: [["metadata", "status", "steps"], []],
  diagnosticEvent: [
    ["message", "color", "severity"],
    ["urn", "prefix", "streamID", "ephemeral"],
  ],
  summaryEvent: [
    ["maybeCorrupt", "durationSeconds", "resourceChanges", "PolicyPacks", "isPreview", "result"],
    [],
  ],
  cancelEvent: [[], []],
  metadata: [
    ["op", "urn", "type", "old", "new", "detailedDiff", "provider"],
    ["keys", "diffs", "logical"],
  ],
  state: [
    ["type", "urn", "id", "parent", "inputs", "outputs", "provider"],
    ["custom", "delete", "protect", "retainOnDelete", "initErrors"],
  ],
};

function expectFields(kind: string, object: object): void {
  const [always, sometimes] = FIELDS[kind] ?? [[], []];
  const keys = Object.keys(object);
  expect(keys, kind).toEqual(expect.arrayContaining(always));
  expect([...always, ...sometimes], kind).toEqual(expect.arrayContaining(keys));
  // Go leaves out what is empty: a reader may take "is there" for "says something".
  for (const key of sometimes) {
    const value = (object as Record<string, unknown>)[key];
    expect([false, ""], `${kind}.${key}`).not.toContain(value);
    if (Array.isArray(value)) expect(value, `${kind}.${key}`).not.toEqual([]);
  }
}

/** Runs a program and checks each event. */
async function told(run: () => Promise<unknown>, stack: TestStack): Promise<void> {
  await run().catch(() => undefined);
  expect(stack.events.map(({ sequence }) => sequence)).toEqual(stack.events.map((_, at) => at));
  for (const event of stack.events) {
    const [kind = "", ...others] = Object.keys(event).filter((key) => key.endsWith("Event"));
    expect(others).toEqual([]);
    const body = (event as unknown as Record<string, object>)[kind] ?? {};
    expectFields(kind, body);
    if (!("metadata" in body)) continue;
    const metadata = body.metadata as Record<"old" | "new", object | null>;
    expectFields("metadata", metadata);
    for (const side of [metadata.old, metadata.new]) if (side) expectFields("state", side);
  }
}

const kinds = (stack: TestStack): string[] =>
  stack.events.map((event) => {
    const { metadata } = event.resourcePreEvent ?? event.resOutputsEvent ?? {};
    return metadata ? `${metadata.op} ${metadata.type}` : (Object.keys(event).at(-1) ?? "");
  });

const thing =
  (inputs: Parameters<Parameters<TestProgram>[0]["resource"]>[1], options = {}): TestProgram =>
  async (declare) => {
    await declare.resource("a", inputs, options);
  };

test("each event has the fields of the Pulumi CLI's, whatever happens", async () => {
  const stack = await TestStack.create();
  const steps: TestProgram[] = [
    thing({ x: 1 }, { protect: true }),
    thing({ x: 1 }),
    thing({ x: 2, r: 1 }, { retainOnDelete: true }),
    thing({ x: 2, r: 2 }),
    thing({ x: 3, r: 2, failUpdate: 1 }),
    thing({ x: 3, r: 2, bad: ["not this"] }),
    thing({ x: 3, r: 2, init: "not yet" }),
    thing({ x: 3, r: 2 }),
    async () => {
      /* what is not declared goes */
    },
  ];
  for (const step of steps) {
    await told(() => stack.preview(step), stack);
    expect(stack.events.at(-2)?.summaryEvent?.isPreview).toBe(true);
    await told(() => stack.up(step), stack);
    expect(stack.events.at(-2)?.summaryEvent?.isPreview).toBe(false);
    await told(() => stack.refresh(), stack);
  }
  await told(() => stack.destroy(), stack);
});

test("events come in the order of the Pulumi CLI, and no more after cancelEvent", async () => {
  const stack = await TestStack.create();
  await stack.up(thing({ x: 1 }));
  expect(kinds(stack)).toEqual([
    "preludeEvent",
    "create pulumi:pulumi:Stack",
    "create fake:index:Thing",
    "create fake:index:Thing",
    "create pulumi:pulumi:Stack",
    "summaryEvent",
    "cancelEvent",
  ]);
  expect(stack.events.at(-2)?.summaryEvent).toEqual({
    maybeCorrupt: false,
    durationSeconds: expect.any(Number) as number,
    resourceChanges: { create: 2 },
    PolicyPacks: {},
    isPreview: false,
    result: "succeeded",
  });
});

test("secrets and what is not known are as the SDK marks them, and messages are lines", async () => {
  const stack = await TestStack.create();
  const program: TestProgram = async (declare) => {
    const a = await declare.resource("a", { password: secret("hush"), list: [secret(1)] });
    await declare.resource("b", { x: a.outputs.volatile ?? UNKNOWN });
  };
  await stack.preview(program);
  const blinded = { [SIGNATURE]: SECRET_SIGNATURE, ciphertext: "[secret]" };
  const steps = stack.events.flatMap(({ resourcePreEvent: it }) => it?.metadata ?? []);
  expect(steps.find(({ urn }) => urn.endsWith("::a"))?.new?.inputs).toMatchObject({
    password: blinded,
    list: [blinded],
  });
  expect(steps.find(({ urn }) => urn.endsWith("::b"))?.new?.inputs).toMatchObject({ x: UNKNOWN });
  expect(JSON.stringify(stack.events)).not.toContain("hush");

  await stack.up(thing({ failCreate: 1 })).catch(() => undefined);
  const said = stack.events.find(({ diagnosticEvent: it }) => it?.severity === "error");
  expect(said?.diagnosticEvent).toMatchObject({
    prefix: "error: ",
    message: expect.stringMatching(/[^\n]\n$/) as string,
    color: "never",
  });
  expect(stack.events.at(-2)?.summaryEvent?.result).toBe("failed");
});

test("a step that fails tells what is known of the resource", async () => {
  const stack = await TestStack.create();
  const failed = () => stack.events.flatMap(({ resOpFailedEvent: it }) => it ?? []);
  const corrupt = () => stack.events.at(-2)?.summaryEvent?.maybeCorrupt;
  await stack.up(thing({ x: 1 }));
  await stack.up(thing({ x: 2, failUpdate: 1 })).catch(() => undefined);
  expect(failed()).toMatchObject([{ status: STATUS.unknown, steps: 1 }]);
  expect(corrupt()).toBe(true);
  await stack.up(thing({ x: 2, init: "not yet" })).catch(() => undefined);
  expect(failed()).toMatchObject([{ status: STATUS.incomplete, steps: 1 }]);
  expect(corrupt()).toBe(false);
});

test.for([
  [true, 0],
  [false, 1],
] as const)("a step that fails in a preview (%s) is told %d times", ([planning, times]) => {
  const told: EngineEvent[] = [];
  const events = new Events((event) => told.push(event), planning);
  const next: Resource = {
    urn: "urn:pulumi:dev::proj::fake:index:Thing::a",
    slot: 0,
    type: "fake:index:Thing",
    custom: true,
    inputs: {},
    outputs: {},
  };
  events.stepFailed({ op: "create", next }, STATUS.unchanged);
  expect(told.filter(({ resOpFailedEvent }) => resOpFailedEvent)).toHaveLength(times);
});
