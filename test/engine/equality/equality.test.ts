import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { onTestFinished } from "vitest";
import { whyNoPulumi } from "../../support/pulumi-cli.ts";
import { emptyStack, runStep } from "./engines.ts";
import type { Engine, Trace } from "./engines.ts";
import { TRANSITIONS } from "./transitions.ts";
import type { Transition } from "./transitions.ts";

const FILE = join(import.meta.dirname, "golden.jsonl");
const renews = process.env.TENANTRY_GOLDEN === "write";
const missing = whyNoPulumi();

/** What the real engine did in each step of a transition that the local one does not refuse. */
const golden = new Map<string, readonly Trace[]>(
  renews
    ? []
    : readFileSync(FILE, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as [string, Trace[]]),
);

/** Runs a transition with one engine after the other, turn by turn; refused steps only when the local engine has all. */
async function run(
  { steps }: Transition,
  turns: readonly Engine[],
  whenDone: typeof onTestFinished,
): Promise<Trace[]> {
  const stack = await emptyStack(whenDone);
  const traces: Trace[] = [];
  for (const [index, step] of steps.entries()) {
    if (step.refused !== undefined) continue;
    traces.push((await runStep(stack, turns[index % turns.length]!, step)).trace);
  }
  return traces;
}

/** The traces without what only the real CLI does. */
function withoutExcess({ steps }: Transition, traces: readonly Trace[] = []): Trace[] {
  const done = steps.filter(({ refused }) => refused === undefined);
  return traces.map(({ calls, ...trace }, index) => {
    const excess = (done[index]?.onlyReal ?? []).map((call) => JSON.stringify(call));
    return { ...trace, calls: calls.filter((call) => !excess.includes(JSON.stringify(call))) };
  });
}

test("the table is large, and its names are told apart", () => {
  expect(new Set(TRANSITIONS.map(({ name }) => name)).size).toBe(TRANSITIONS.length);
  expect(TRANSITIONS.length).toBeGreaterThanOrEqual(60);
  if (!renews) expect([...golden.keys()]).toEqual(TRANSITIONS.map(({ name }) => name));
});

describe.concurrent(
  "the real CLI does what was recorded of it, and either engine goes on after the other",
  () => {
    test.for(TRANSITIONS)(
      "$name",
      { timeout: 300_000 },
      async (transition, { skip, expect, onTestFinished }) => {
        if (missing !== undefined) skip(missing);
        const traces = await run(transition, ["real"], onTestFinished);
        if (renews) {
          golden.set(transition.name, traces);
          return;
        }
        expect(traces).toEqual(golden.get(transition.name));
        const common = withoutExcess(transition, traces);
        const inTurns = async (...turns: Engine[]): Promise<Trace[]> =>
          withoutExcess(transition, await run(transition, turns, onTestFinished));
        expect(await inTurns("local", "real"), "local first").toEqual(common);
        if (traces.length > 1) expect(await inTurns("real", "local"), "real first").toEqual(common);
      },
    );
  },
);

describe.skipIf(renews).concurrent("the local engine does what the real one did", () => {
  test.for(TRANSITIONS)("$name", async (transition, { expect, onTestFinished }) => {
    expect(await run(transition, ["local"], onTestFinished)).toEqual(
      withoutExcess(transition, golden.get(transition.name)),
    );
  });

  test("what only the real CLI does was recorded of it", () => {
    for (const transition of TRANSITIONS) {
      const recorded = golden.get(transition.name) ?? [];
      const differs = transition.steps.some(({ onlyReal }) => onlyReal);
      const common = withoutExcess(transition, recorded);
      expect(
        JSON.stringify(common) !==
          JSON.stringify(recorded.map(({ calls, ...trace }) => ({ ...trace, calls }))),
      ).toBe(differs);
    }
  });

  const refusals = TRANSITIONS.filter(({ steps }) => steps.some(({ refused }) => refused));
  test.for(refusals)("$name: refused", async ({ steps }, { expect, onTestFinished }) => {
    const stack = await emptyStack(onTestFinished);
    let before: Trace | undefined;
    for (const step of steps) {
      const { trace, error } = await runStep(stack, "local", step);
      if (step.refused === undefined) before = trace;
      else {
        expect(error).toMatchObject({ code: step.refused });
        expect(
          trace.calls.filter((call) => /^(create|delete)$/.test(String((call as string[])[0]))),
        ).toEqual([]);
      }
    }
    expect(before).toBeDefined();
  });
});

afterAll(() => {
  if (!renews) return;
  const lines = TRANSITIONS.map(({ name }) => JSON.stringify([name, golden.get(name)]));
  writeFileSync(FILE, `${lines.join("\n")}\n`);
});
