import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { onTestFinished } from "vitest";
import { Passphrase } from "../../../src/engine/passphrase.ts";
import type { Resource, StoredResource } from "../../../src/engine/resource.ts";
import { SecretKeeper } from "../../../src/engine/secret-keeper.ts";
import { isObject } from "../../../src/protocol/values.ts";
import { realEngine } from "../../support/real-engine.ts";
import { TestStack } from "../../support/test-stack.ts";
import { programOf } from "../../support/program-data.ts";
import type { ProgramData } from "../../support/program-data.ts";

export type Engine = "local" | "real";

/** One operation, and what happened behind the engine's back before it. */
export interface Step {
  /** @default up */
  readonly operation?: "up" | "preview" | "refresh" | "destroy";
  readonly program?: ProgramData;
  /** Objects, by id, that somebody removed, or whose inputs somebody changed. */
  readonly drift?: Readonly<Record<string, "removed" | Readonly<Record<string, number>>>>;
  /** The local engine refuses on purpose what the CLI does in some other way: with this code, and changing nothing. */
  readonly refused?: string;
  /** Calls of the plugin that the CLI makes without need, and the local engine does not. */
  readonly onlyReal?: readonly (readonly [call: string, name: string, payload: unknown])[];
}

/** What an engine did in a step, without what differs from run to run. */
export interface Trace {
  readonly ended: "well" | "failed";
  readonly calls: readonly unknown[];
  readonly state: unknown;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;

/** A stack that exists and has nothing in it, for either engine. */
export async function emptyStack(whenDone?: typeof onTestFinished): Promise<TestStack> {
  const stack = await TestStack.create(whenDone);
  await mkdir(dirname(stack.stateFile), { recursive: true });
  await writeFile(join(stack.backend, ".pulumi", "meta.yaml"), "version: 1\n");
  const checkpoint = { stack: "organization/proj/dev", latest: null };
  await writeFile(stack.stateFile, JSON.stringify({ version: 3, checkpoint }));
  // The CLI wants to see the file, though the program runs in the test's own process.
  await writeFile(join(stack.root, "index.ts"), "");
  const { encryptionSalt = "" } = stack.options();
  await writeFile(join(stack.root, "Pulumi.dev.yaml"), `encryptionsalt: ${encryptionSalt}\n`);
  return stack;
}

/**
 * Lets an engine do a step, after what happened behind its back.
 *
 * @param options of the real CLI
 * @returns what the real CLI printed
 * @throws when the engine does not end well
 */
export async function perform(
  stack: TestStack,
  engine: Engine,
  { drift = {}, operation = "up", program = { declares: [] } }: Step,
  ...options: string[]
): Promise<string> {
  for (const [id, change] of Object.entries(drift)) {
    const object = stack.world.find(id);
    if (change === "removed") stack.world.remove(id);
    else if (object) stack.world.put({ ...object, inputs: { ...object.inputs, ...change } });
    else throw new Error(`there is no object ${id} to change behind the engine's back`);
  }
  stack.world.takeCalls();
  const run = programOf(program);
  if (engine === "real") return await realEngine(stack, operation, run, ...options);
  await (operation === "up" || operation === "preview"
    ? stack[operation](run)
    : stack[operation]());
  return "";
}

/** @returns the error with which the engine ended, if it did not end well */
export async function runStep(
  stack: TestStack,
  engine: Engine,
  step: Step,
): Promise<{ trace: Trace; error: unknown }> {
  let error: unknown;
  try {
    await perform(stack, engine, step);
  } catch (thrown) {
    error = thrown;
  }
  const calls = normalCalls(stack.world.takeCalls());
  const trace = {
    ended: error === undefined ? "well" : "failed",
    calls,
    state: await state(stack),
  };
  return { trace: JSON.parse(JSON.stringify(trace).replaceAll(UUID, mask)) as Trace, error };
}

const UNKNOWN_UUID = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const mask = (uuid: string): string => (uuid === UNKNOWN_UUID ? "<unknown>" : "<uuid>");

/**
 * The calls in the order in which an engine must make them: deletions, and the reads of a refresh, run side by side,
 * so a run of them is sorted. How many processes of a plugin an engine configures, and when, is its own affair.
 */
function normalCalls(calls: readonly (readonly [string, string, unknown])[]): unknown[] {
  const groups: { kind: string; lines: string[] }[] = [];
  for (const call of calls) {
    const [kind] = call;
    if (kind === "cancel" || kind === "configure") continue;
    const last = groups.at(-1);
    const line = JSON.stringify(call);
    if (last?.kind === kind && (kind === "delete" || kind === "read")) last.lines.push(line);
    else groups.push({ kind, lines: [line] });
  }
  return groups.flatMap(({ lines }) => lines.sort()).map((line) => JSON.parse(line) as unknown);
}

async function state(stack: TestStack): Promise<unknown> {
  const document = JSON.parse(await readFile(stack.stateFile, "utf8")) as {
    checkpoint: {
      latest: {
        resources?: StoredResource[];
        pending_operations?: { type: string; resource: StoredResource }[];
      } | null;
    };
  };
  const { resources = [], pending_operations: pending = [] } = document.checkpoint.latest ?? {};
  const { passphrase, encryptionSalt = "" } = stack.options();
  const keeper = new SecretKeeper(await Passphrase.open(passphrase, encryptionSalt));
  const open = (stored: StoredResource): unknown => compact(keeper.open(stored, 0));
  return {
    // Masked before it is sorted: what is random must not decide the order.
    resources: resources
      .map((stored) => JSON.stringify(open(stored)).replaceAll(UUID, mask))
      .sort()
      .map((text) => JSON.parse(text) as unknown),
    pending: pending.map(({ type, resource }) => ({ type, resource: open(resource) })),
  };
}

const UNSTABLE = new Set(["slot", "created", "modified"]);

/** Without times and what is empty, properties that depend on nothing included; nulls among the properties stay. */
function compact({ propertyDependencies = {}, ...resource }: Resource): unknown {
  const dependent = Object.entries(propertyDependencies).filter(([, urns]) => urns?.length);
  const whole = { ...resource, propertyDependencies: Object.fromEntries(dependent) };
  const entries = Object.entries(whole).filter(
    ([key, value]) =>
      !UNSTABLE.has(key) &&
      (!isObject(value) || Object.keys(value).length > 0) &&
      value !== false &&
      value !== "",
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
