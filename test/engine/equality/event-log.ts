import type { EngineEvent } from "../../../src/core/engine-event.ts";
import type { TestStack } from "../../support/test-stack.ts";
import { perform } from "./engines.ts";
import type { Engine, Step } from "./engines.ts";

/** An event as a line of JSON, without what differs from run to run. */
export type LoggedEvent = Readonly<Record<string, unknown>>;

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;
const UNKNOWN_UUID = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Runs a step and tells the events with which the engine reported it. */
export async function eventsOf(
  stack: TestStack,
  engine: Engine,
  step: Step,
): Promise<LoggedEvent[]> {
  let output: string;
  try {
    output = await perform(stack, engine, step, "--json");
  } catch (error) {
    output = (error as { stdout?: string }).stdout ?? "";
  }
  if (engine === "local") return normal(stack.events);
  const lines = output.split("\n").filter((line) => line.startsWith('{"sequence":'));
  return normal(lines.map((line) => JSON.parse(line) as EngineEvent));
}

/**
 * The events of each resource, in their order; resources by URN, since an engine works on several at a time. First,
 * below no URN, come those of the whole run. What a message says, and in how many it is said, is its engine's own.
 */
function normal(events: readonly EngineEvent[]): LoggedEvent[] {
  const groups = Map.groupBy(
    events.filter(({ diagnosticEvent: it }) => !it || (it.severity === "error" && it.urn)),
    (event) => urnOf(event),
  );
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, group]) => group)
    .map(stable)
    .filter((text, index, all) => text !== all[index - 1] || !text.includes('"diagnosticEvent"'))
    .map((text) => sorted(JSON.parse(text)) as LoggedEvent);
}

/** The event without what differs from run to run. */
const stable = (event: EngineEvent): string =>
  JSON.stringify({ ...event, sequence: 0, timestamp: 0 })
    .replaceAll(UUID, (uuid) => (uuid === UNKNOWN_UUID ? "<unknown>" : "<uuid>"))
    .replace(/"durationSeconds":\d+/, '"durationSeconds":0')
    .replace(/"message":"(?:[^"\\]|\\.)*?(\\n)?"/, '"message":"<text>$1"');

function urnOf(event: EngineEvent): string {
  const step = event.resourcePreEvent ?? event.resOutputsEvent ?? event.resOpFailedEvent;
  return step?.metadata.urn ?? event.diagnosticEvent?.urn ?? "";
}

/** Objects with their keys in order, so that a record of them does not change without need. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
