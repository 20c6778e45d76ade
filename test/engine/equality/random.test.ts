import * as fc from "fast-check";
import { expect, test } from "vitest";
import { integrityProblem } from "../../../src/engine/integrity.ts";
import { whyNoPulumi } from "../../support/pulumi-cli.ts";
import type { TestStack } from "../../support/test-stack.ts";
import { emptyStack, runStep } from "./engines.ts";
import type { Step } from "./engines.ts";
import { thing } from "../../support/program-data.ts";
import type { Declaration } from "../../support/program-data.ts";

/** How many lives the local engine leads alone, and how many beside the real one: those take seconds each. */
const LIVES = Number(process.env.TENANTRY_ENGINE_LIVES ?? 12);
const SHARED_LIVES = Math.ceil(LIVES / 4);
const missing = whyNoPulumi();

const NAMES = ["a", "b", "c", "d"];

const inputs = fc.record(
  {
    x: fc.integer({ min: 0, max: 2 }),
    r: fc.integer({ min: 0, max: 1 }),
    d: fc.integer({ min: 0, max: 1 }),
    failCreate: fc.constant(1),
    failUpdate: fc.constant(1),
    failDelete: fc.constant(1),
    init: fc.constant("not yet"),
  },
  { requiredKeys: ["x"] },
);

interface Choice {
  readonly inputs: Record<string, string | number>;
  readonly there: boolean;
  readonly protect: boolean;
  /** Takes an output of the one before it, and is changed or replaced with it. */
  readonly uses: "nothing" | "x" | "r";
  /** Has the name of a former one, too. */
  readonly renamed: boolean;
}

/** What goes wrong is rare, so that a life has more than its first failure. */
const choice: fc.Arbitrary<Choice> = fc.record({
  inputs: fc.oneof(
    { weight: 4, arbitrary: fc.record({ x: fc.nat(2), r: fc.nat(1), d: fc.constant(0) }) },
    { weight: 1, arbitrary: inputs },
  ),
  there: fc.boolean().chain((it) => (it ? fc.constant(true) : fc.boolean())),
  protect: fc.nat(9).map((it) => it === 0),
  uses: fc.constantFrom("nothing", "x", "r"),
  renamed: fc.nat(4).map((it) => it === 0),
});

const step: fc.Arbitrary<Step> = fc
  .tuple(...NAMES.map(() => choice))
  .map((choices) => ({ program: { declares: declarations(choices) } }));

function declarations(choices: readonly Choice[]): Declaration[] {
  const declared: Declaration[] = [];
  for (const [index, { inputs, there, protect, uses, renamed }] of choices.entries()) {
    if (!there) continue;
    const before = declared.at(-1)?.name;
    const used =
      before !== undefined && uses !== "nothing" ? { [uses]: `\${${before}.stable}` } : {};
    const name = NAMES[index] ?? "";
    const options = renamed ? { aliases: [{ name }] } : {};
    declared.push(
      thing(renamed ? `${name}${name}` : name, { ...inputs, ...used }, { ...options, protect }),
    );
  }
  return declared;
}

const life = fc.array(step, { minLength: 2, maxLength: 4 });

/** The state and the world agree: nothing is there twice, nothing is forgotten. */
async function expectAgreement(stack: TestStack): Promise<void> {
  const resources = await stack.resources();
  expect(integrityProblem(resources)).toBeUndefined();
  expect((await stack.state()).pending_operations ?? []).toEqual([]);
  const kept = resources.filter(
    ({ type, pendingReplacement }) => type.startsWith("fake:") && !pendingReplacement,
  );
  const ids = stack.world.objects.map(({ id }) => id);
  expect(kept.map(({ id }) => id).sort()).toEqual(ids.sort());
}

test(
  "whatever is declared, the local engine makes nothing twice and forgets nothing",
  { timeout: 600_000 },
  async () => {
    const property = fc.asyncProperty(life, async (steps) => {
      const stack = await emptyStack();
      for (const step of steps) {
        await runStep(stack, "local", step);
        await expectAgreement(stack);
      }
    });
    await fc.assert(property, { numRuns: LIVES });
  },
);

test("whatever is declared, both engines do the same", { timeout: 900_000 }, async ({ skip }) => {
  if (missing !== undefined) skip(missing);
  const property = fc.asyncProperty(life, async (steps) => {
    const [ours, theirs] = await Promise.all([emptyStack(), emptyStack()]);
    for (const step of steps) {
      const [local, real] = await Promise.all([
        runStep(ours, "local", step),
        runStep(theirs, "real", step),
      ]);
      // Refused before anything is deleted, where the CLI first deletes the rest.
      if (REFUSALS.has((local.error as { code?: string } | undefined)?.code ?? "")) return;
      expect(local.trace).toEqual(real.trace);
    }
  });
  await fc.assert(property, { numRuns: SHARED_LIVES });
});

const REFUSALS = new Set(["TNT-315", "TNT-318"]);
