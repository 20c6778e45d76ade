import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { foldState } from "../../src/engine/fold-state.ts";
import { integrityProblem } from "../../src/engine/integrity.ts";
import { EngineProcess } from "../support/engine-process.ts";
import { group, programOf, provider, thing } from "../support/program-data.ts";
import type { ProgramData } from "../support/program-data.ts";
import { whyNoPulumi } from "../support/pulumi-cli.ts";
import { realEngine } from "../support/real-engine.ts";
import { TestStack } from "../support/test-stack.ts";
import type { WritePointOrder } from "../support/write-points.ts";

import { emptyStack } from "./equality/engines.ts";

const HOOK = pathToFileURL(join(import.meta.dirname, "..", "support", "write-points.ts")).href;

/** The CLI takes seconds to finish what was begun: of the points it gets each so many-th. */
const CLI_STRIDE = Number(process.env.TENANTRY_CLI_STRIDE ?? 12);

/** How many engines are killed at once. */
const AT_ONCE = 3;

const FIRST: ProgramData = { declares: [thing("first", { x: 1 })] };

const BEFORE: ProgramData = {
  declares: [
    thing("update", { x: 1 }),
    thing("replace", { r: 1 }),
    thing("replaceFirst", { d: 1 }),
    thing("dependent", { r: "${replaceFirst.stable}" }),
    thing("deleted", { x: 1 }),
    thing("old", { x: 1 }),
    group("group", {}),
  ],
};

/** Everything an engine can do to a resource, one after the other. */
const AFTER: ProgramData = {
  declares: [
    provider("p", { region: "x" }),
    thing("created", { x: 1 }, { provider: "p" }),
    thing("update", { x: 2 }),
    thing("replace", { r: 2 }),
    thing("replaceFirst", { d: 2 }),
    thing("dependent", { r: "${replaceFirst.stable}" }),
    thing("renamed", { x: 1 }, { aliases: [{ name: "old" }] }),
    { ...group("group", {}), outputs: { of: "${created.id}" } },
  ],
  outputs: { of: "${created.stable}" },
};

type Side = NonNullable<WritePointOrder["side"]>;

interface Point {
  readonly at: number;
  readonly side: Side;
  /** What is written there, to be named in an error. */
  readonly call: string;
}

async function inEngine(
  stack: TestStack,
  program: ProgramData,
  point?: Point,
): Promise<{ signal: NodeJS.Signals | null; calls: string[] }> {
  const log = join(stack.root, "write-points");
  const order: WritePointOrder = { folder: stack.backend, log, ...point };
  const engine = new EngineProcess(stack, {
    program,
    parallel: 1,
    imports: [HOOK],
    env: { TENANTRY_WRITE_POINTS: JSON.stringify(order) },
  });
  const { code, signal, stderr } = await engine.ended;
  if (code !== 0 && signal !== "SIGKILL") throw new Error(`the engine failed: ${stderr}`);
  const calls = (await readFile(log, "utf8")).split("\n").filter(Boolean);
  return { signal, calls };
}

/**
 * Every moment at which an engine that carries out a program can die with respect to what it writes. Between two writes
 * something else happens only when the first one made the journal last: else after the one is before the other.
 */
async function pointsOf(base: TestStack, program: ProgramData): Promise<Point[]> {
  const { calls } = await inEngine(await base.copy(onTestFinished), program);
  return calls.flatMap((call, index) => {
    const sides: Side[] = [
      ...(index === 0 || calls[index - 1]?.startsWith("datasync") ? ["before" as const] : []),
      ...(/^(append|write)File/.test(call) ? ["half" as const] : []),
      "after",
    ];
    return sides.map((side) => ({ at: index + 1, side, call }));
  });
}

async function eachAtOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const failed: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      await work(item).catch((error: unknown) => failed.push(error));
      if (failed.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (failed.length > 0) throw failed[0];
}

/** What there is when a program was carried out, however often it was begun; creations are told by their ids. */
async function outcome(stack: TestStack): Promise<unknown> {
  const things = (await stack.resources()).filter(({ type }) => type.startsWith("fake:"));
  return {
    objects: stack.world.objects.map(({ id, inputs }) => ({ id, inputs })),
    state: things.map(({ urn, id }) => [urn, id]).sort(),
    created: [...stack.world.idsGiven].sort(),
  };
}

/** The state keeps its rules, and nothing of the interruption is left. */
async function expectTidy(stack: TestStack): Promise<void> {
  expect(integrityProblem(await stack.resources())).toBeUndefined();
  expect((await stack.state()).pending_operations ?? []).toEqual([]);
  const left = await readdir(join(stack.backend, ".pulumi"), { recursive: true });
  expect(left.filter((name) => /journal|\.tmp$|locks\/.*json/.test(name))).toEqual([]);
  expect(await readFile(join(stack.backend, ".pulumi", "meta.yaml"), "utf8")).toBe("version: 1\n");
}

/** Kills an engine at each point and finishes what it began. */
async function sweep(
  base: TestStack,
  program: ProgramData,
  points: readonly Point[],
  finish: (stack: TestStack) => Promise<void>,
): Promise<void> {
  const whole = await base.copy(onTestFinished);
  await whole.up(programOf(program));
  const expected = await outcome(whole);
  await eachAtOnce(points, async (point) => {
    const stack = await base.copy(onTestFinished);
    try {
      expect((await inEngine(stack, program, point)).signal).toBe("SIGKILL");
      await finish(stack);
      expect(await outcome(stack)).toEqual(expected);
      await expectTidy(stack);
    } catch (cause) {
      const { at, side, call } = point;
      throw new Error(`killed ${side} write ${at}, ${call}: ${(cause as Error).message}`, {
        cause,
      });
    }
  });
}

async function baseStack(): Promise<TestStack> {
  const base = await TestStack.create();
  await base.up(programOf(BEFORE));
  return base;
}

test("killed at every write of its first run, and finished", { timeout: 600_000 }, async () => {
  const base = await TestStack.create();
  const points = await pointsOf(base, FIRST);
  await sweep(base, FIRST, points, async (stack) => {
    await stack.up(programOf(FIRST));
  });
});

test(
  "killed at every write of a run that does all an engine can do, and finished",
  { timeout: 900_000 },
  async () => {
    const base = await baseStack();
    const points = await pointsOf(base, AFTER);
    expect(points.length).toBeGreaterThan(80);
    await sweep(base, AFTER, points, async (stack) => {
      await stack.up(programOf(AFTER));
    });
  },
);

test(
  "killed again at every write of the recovery, and finished",
  { timeout: 600_000 },
  async () => {
    const base = await baseStack();
    const interrupted = await pointsOf(base, AFTER);
    const middle = interrupted.filter(({ call }) => call.startsWith("datasync"))[9];
    await inEngine(base, AFTER, middle);
    const points = await pointsOf(base, AFTER);
    const folded = points.findIndex(({ call }) => /^rm .*journal$/.test(call));
    await sweep(base, AFTER, points.slice(0, folded + 1), async (stack) => {
      await stack.up(programOf(AFTER));
    });
  },
);

test(
  "killed at writes, folded, and finished by the real CLI",
  { timeout: 1_800_000 },
  async ({ skip }) => {
    const missing = whyNoPulumi();
    if (missing !== undefined) skip(missing);
    // The CLI does not tell a plugin what was pending: it has to know its own objects, as this project's plugin does.
    vi.stubEnv("FAKE_MARKS", "1");
    onTestFinished(() => void vi.unstubAllEnvs());
    const base = await emptyStack();
    await base.up(programOf(BEFORE));
    const points = await pointsOf(base, AFTER);
    const some = points.filter((_, index) => index % CLI_STRIDE === 0);
    await sweep(base, AFTER, some, async (stack) => {
      const place = { backend: stack.backend, project: "proj", stack: "dev" };
      await foldState({ ...place, acceptLoss: false });
      await realEngine(stack, "up", programOf(AFTER));
      // The CLI keeps what was pending, though it has made it since, until somebody says that it is settled.
      await realEngine(stack, "refresh", programOf(AFTER), "--clear-pending-creates");
    });
  },
);
