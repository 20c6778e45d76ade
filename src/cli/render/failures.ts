import type { EngineEvent } from "../../core/engine-event.ts";
import { count } from "../../core/format.ts";
import { line } from "./line.ts";
import type { Line } from "./line.ts";
import { lastSteps, nameOf } from "./plan.ts";
import { plainName } from "./plain-name.ts";
import { hang } from "./wrap.ts";

/** What the CLI adds to every failure, and what says nothing of its cause. */
const ECHO = /^(update|preview|refresh|destroy) (failed|canceled)$|exited prematurely/;

/** A command in a message: it stays as it is, in one line, to be copied. */
const COMMAND = /^ {2}pulumi /;

/** One thing that went wrong: which resource, if one, and the message. */
export interface Failure {
  readonly urn?: string;
  readonly title?: string;
  readonly message: string;
}

/** Every distinct error of a run, those of resources with the resource's name. */
export function failuresOf(events: readonly EngineEvent[]): Failure[] {
  const steps = new Map(lastSteps(events).map((step) => [step.urn, step]));
  const failures = new Map<string, Failure>();
  for (const { diagnosticEvent } of events) {
    if (diagnosticEvent?.severity !== "error") continue;
    const message = diagnosticEvent.message.trim();
    if (ECHO.test(message) || message === "") continue;
    const { urn } = diagnosticEvent;
    const step = urn === undefined ? undefined : steps.get(urn);
    const title = step && `${nameOf(step).noun} ${nameOf(step).name}`.trimEnd();
    failures.set(`${urn ?? ""} ${message}`, {
      ...(urn !== undefined && { urn }),
      ...(title !== undefined && { title }),
      message,
    });
  }
  return [...failures.values()];
}

/** How many of the resources that failed alike are named. */
const NAMED = 12;

const named = (titles: readonly string[]): readonly string[] =>
  titles.length <= NAMED
    ? titles
    : [...titles.slice(0, NAMED), `and ${count(titles.length - NAMED)} more`];

/** The failures of a run: each message once, below the resources it is about. */
export function failureLines(failures: readonly Failure[], width: number): Line[] {
  const groups = Map.groupBy(failures, ({ message }) => message);
  return [...groups].flatMap(([message, group]) => {
    const titles = named(group.flatMap(({ title }) => title ?? []));
    return [
      ...(titles.length === 0 ? [] : hang("  failed:", titles.join(", "), 10, width)).map((text) =>
        line(text, "error"),
      ),
      ...withPlainNames(message)
        .split("\n")
        .flatMap((text) => (COMMAND.test(text) ? [`    ${text}`] : hang("   ", text, 4, width)))
        .map((text) => line(text)),
    ];
  });
}

/** A message with resources called by what they are, where an engine wrote their URNs; commands stay as they are. */
export function withPlainNames(message: string): string {
  const plain = (text: string): string =>
    text.replaceAll(/urn:pulumi:[^\s,"']*[^\s,"'.:]/g, plainName);
  const lines = message.split("\n");
  return lines.map((text) => (COMMAND.test(text) ? text : plain(text))).join("\n");
}
