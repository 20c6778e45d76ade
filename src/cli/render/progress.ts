import stringWidth from "string-width";
import type { EngineEvent, Step } from "../../core/engine-event.ts";
import { count, duration } from "../../core/format.ts";
import { line } from "./line.ts";
import type { Line } from "./line.ts";
import { changeOf, isShown, nameOf } from "./plan.ts";
import type { Change, Plan } from "./plan.ts";
import { CHANGE_STYLES, namedLimit } from "./plan-lines.ts";
import { plainName } from "./plain-name.ts";
import { TENANT, TENANT_SHARD, tenantSteps } from "./tenant-steps.ts";

/** Where many of one kind are made, a line each time that this many more are done. */
const MILESTONE = 100;

/** How long nothing is told, in milliseconds, before a log hears that the run goes on. */
const SILENCE = 30_000;

/** How many warnings with one text are told; a thousand tenants can all have the same. */
const ALIKE = 5;

/** Follows a run: which lines to print as it goes, and what a status line would say. */
export class Progress {
  readonly #started: number;
  readonly #totals = new Map<string, number>();
  readonly #finished = new Map<string, number>();
  readonly #running = new Map<string, { title: string; since: number }>();
  readonly #warnings = new Map<string, number>();
  /** What the plan has for each tenant, and whether it is done: in another layout two resources have their part in it. */
  readonly #tenants = new Map<string, Change | "done">();
  #total = 0;
  #done = 0;
  #lastTold: number;

  /** @param plan what is expected; an empty one when nothing was previewed. @param now milliseconds */
  constructor(plan: Plan, now: number) {
    this.#started = now;
    this.#lastTold = now;
    for (const { change, type, urn } of plan.items) {
      if (change === "same") continue;
      if (type === TENANT) this.#tenants.set(urn, change);
      const kind = `${change} ${type}`;
      this.#totals.set(kind, (this.#totals.get(kind) ?? 0) + 1);
      this.#total += 1;
    }
  }

  /** Takes in an event and returns the lines it is worth. @param now milliseconds */
  observe(event: EngineEvent, now: number): Line[] {
    const lines = this.#tell(event, now);
    if (lines.length > 0) this.#lastTold = now;
    return lines;
  }

  /** A line for a log that has not heard of the run for long: the same as a terminal's status line. */
  heartbeat(now: number, width: number): Line[] {
    if (now - this.#lastTold < SILENCE) return [];
    this.#lastTold = now;
    return [line(this.status(now, width), "quiet")];
  }

  #tell(event: EngineEvent, now: number): Line[] {
    const started = event.resourcePreEvent?.metadata;
    if (started) return this.#start(started, now);
    const finished = event.resOutputsEvent?.metadata;
    if (finished) return this.#finish(finished, now);
    const failed = event.resOpFailedEvent?.metadata;
    if (failed) return this.#fail(failed);
    return this.#note(event);
  }

  #note(event: EngineEvent): Line[] {
    const { severity, message = "" } = event.diagnosticEvent ?? {};
    if (severity !== "warning") return noteLines(event);
    const number = (this.#warnings.get(message) ?? 0) + 1;
    this.#warnings.set(message, number);
    if (number <= ALIKE) return noteLines(event);
    return number === ALIKE + 1
      ? [line("  the same of others; --json tells of each", "warning")]
      : [];
  }

  /** One line for a terminal: how far, what runs now, how long. @param now milliseconds */
  status(now: number, width: number): string {
    const head = `  ${count(this.#done)}/${count(Math.max(this.#total, this.#done))}`;
    const tail = duration(now - this.#started);
    const running = [...this.#running.values()].map(({ title }) => title);
    const more = running.length > 1 ? ` and ${count(running.length - 1)} more` : "";
    const room = width - stringWidth(head) - tail.length - more.length - 5;
    const current = (running[0] ?? "").slice(0, Math.max(0, room));
    return [head, `${current}${more}`, tail].filter((part) => part !== "").join("  ");
  }

  #start(step: Step, now: number): Line[] {
    if (isWork(step)) this.#running.set(step.urn, { title: titleOf(step), since: now });
    return [];
  }

  #finish(step: Step, now: number): Line[] {
    const { since = now } = this.#running.get(step.urn) ?? {};
    this.#running.delete(step.urn);
    return tenantSteps([step]).flatMap((one) => this.#tellStep(one, now, since));
  }

  #tellStep(step: Step, now: number, since: number): Line[] {
    const planned = this.#tenants.get(step.urn);
    if (planned === "done") return [];
    if (planned !== undefined) this.#tenants.set(step.urn, "done");
    const change = planned ?? changeOf(step);
    if (!isShown(step) || change === undefined || change === "same") return [];
    const { plural } = nameOf(step);
    const kind = `${change} ${step.type}`;
    const finished = (this.#finished.get(kind) ?? 0) + 1;
    // Without a plan it shows only on the way how many there are.
    const expected = this.#totals.get(kind);
    this.#finished.set(kind, finished);
    this.#done += 1;
    const { symbol, tone } = CHANGE_STYLES[change];
    if ((expected ?? finished) <= namedLimit(step.type, change))
      return [line(`  ${symbol} ${titleOf(step)}  ${duration(now - since)}`, tone)];
    if (finished % MILESTONE !== 0 && finished !== expected) return [];
    const many =
      expected === undefined || expected === finished
        ? count(finished)
        : `${count(finished)}/${count(expected)}`;
    return [line(`  ${symbol} ${many} ${plural}  ${duration(now - this.#started)}`, tone)];
  }

  #fail(step: Step): Line[] {
    this.#running.delete(step.urn);
    return [line(`  ! ${titleOf(step)} failed`, "error")];
  }
}

/** A refresh names what it found only at the end of each step: all of them count as running. */
const isWork = (step: Step): boolean =>
  (isShown(step) || step.type === TENANT_SHARD) && step.op !== "same";

const titleOf = (step: Step): string => {
  const { noun, name } = nameOf(step);
  return `${noun} ${name}`.trimEnd();
};

/** What the CLI says for itself and nobody needs to read. */
const NOISE = /^using pulumi-resource-\S+ from \$PATH/;

/** Warnings and what the program or a plugin prints; errors are told at the end, with what to do. */
export function noteLines({ diagnosticEvent }: EngineEvent): Line[] {
  if (!diagnosticEvent || diagnosticEvent.ephemeral === true) return [];
  const { severity, message, urn } = diagnosticEvent;
  const text = message.trim();
  const about = urn === undefined || urn === "" ? "" : `${plainName(urn)}: `;
  if (severity === "debug" || severity === "error" || text === "" || NOISE.test(text)) return [];
  return `${about}${text}`
    .split("\n")
    .map((part) => line(`  ${part}`, severity === "warning" ? "warning" : "quiet"));
}
