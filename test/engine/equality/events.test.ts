import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { whyNoPulumi } from "../../support/pulumi-cli.ts";
import { emptyStack } from "./engines.ts";
import type { Engine } from "./engines.ts";
import { eventsOf } from "./event-log.ts";
import type { LoggedEvent } from "./event-log.ts";
import { TRANSITIONS } from "./transitions.ts";
import type { Transition } from "./transitions.ts";

const FILE = join(import.meta.dirname, "events.jsonl");
const renews = process.env.TENANTRY_GOLDEN === "write";
const missing = whyNoPulumi();

/** The transitions whose events are recorded: each kind of step, and each way to fail. */
const RECORDED = [
  "create, no change",
  "update",
  "add and delete",
  "replace, with a dependent to replace",
  "delete before replace",
  "into a component, by an alias without a parent",
  "protect, then free, then delete",
  "retainOnDelete",
  "secrets in and out",
  "stack outputs",
  "preview of changes",
  "preview of a replacement",
  "preview of deletions",
  "preview with a provider not known yet",
  "provider with a secret",
  "provider removed with its resources",
  "init errors, repaired",
  "create fails",
  "update fails",
  "delete fails",
  "check errors",
  "refresh without changes",
  "refresh of what changed",
  "refresh of what is gone",
  "two providers",
  "destroy order",
];
const transitions = TRANSITIONS.filter(({ name }) => RECORDED.includes(name));

const golden = new Map<string, readonly LoggedEvent[][]>(
  renews
    ? []
    : readFileSync(FILE, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as [string, LoggedEvent[][]]),
);

async function run({ steps }: Transition, engine: Engine): Promise<LoggedEvent[][]> {
  const stack = await emptyStack();
  const told: LoggedEvent[][] = [];
  for (const step of steps)
    if (step.refused === undefined) told.push(await eventsOf(stack, engine, step));
  return told;
}

test("each recorded transition is in the table", () => {
  expect(transitions.map(({ name }) => name).sort()).toEqual([...RECORDED].sort());
  if (!renews) expect([...golden.keys()].sort()).toEqual([...RECORDED].sort());
});

describe("the real CLI's events are as they were recorded", () => {
  test.for(transitions)("$name", { timeout: 300_000 }, async (transition, { skip }) => {
    if (missing !== undefined) skip(missing);
    const told = await run(transition, "real");
    if (renews) golden.set(transition.name, told);
    else expect(told).toEqual(golden.get(transition.name));
  });
});

describe.skipIf(renews)("the local engine's events are those of the real CLI", () => {
  test.for(transitions)("$name", async (transition) => {
    expect(await run(transition, "local")).toEqual(golden.get(transition.name));
  });
});

afterAll(() => {
  if (!renews) return;
  const lines = transitions.map(({ name }) => JSON.stringify([name, golden.get(name)]));
  writeFileSync(FILE, `${lines.join("\n")}\n`);
});
