import { messageOf, TenantryError } from "../core/errors.ts";
import type { EngineEvent } from "../core/engine-event.ts";
import type { Operation } from "./engine/engine.ts";
import { interruptible } from "./interruptible.ts";
import type { Stack } from "./open-stack.ts";
import { failureLines, failuresOf } from "./render/failures.ts";
import { line } from "./render/line.ts";
import { countChanges, planOf } from "./render/plan.ts";
import type { Plan } from "./render/plan.ts";
import { Progress } from "./render/progress.ts";
import { refuseProtected } from "./refuse-protected.ts";
import type { Terminal } from "./terminal.ts";

/** How often the status line is drawn, in milliseconds. */
const STATUS_INTERVAL = 200;

/** What is known beforehand of a run that nobody previewed. */
export const NOTHING_PLANNED: Plan = { items: [], stateOnly: false, awaitingRestart: [] };

export interface EngineRun {
  readonly stack: Stack;
  readonly operation: Operation;
  readonly terminal: Terminal;
  /** What a preview found, or {@link NOTHING_PLANNED} where there was none; without it, this run is the preview. */
  readonly plan?: Plan;
  /** Where the events are kept, for who needs them also after a failure. Default: nowhere. */
  readonly events?: EngineEvent[];
  /** The URNs a refresh is limited to. Default: all. */
  readonly targets?: readonly string[];
  /** See `RunOptions.planFile`. */
  readonly planFile?: string | undefined;
}

/**
 * Runs the engine once and shows what happens: events as they come with `--json`, else progress.
 *
 * @returns what was done, or would be
 * @throws {TenantryError} TNT-605, TNT-606 when the preview would remove what is protected; TNT-616 when resources
 *   failed, after naming them; the engine's own error when none did
 */
export async function runEngine(run: EngineRun): Promise<Plan> {
  const { stack, operation, terminal, plan, targets, planFile } = run;
  const { events = [] } = run;
  const progress = new Progress(plan ?? NOTHING_PLANNED, Date.now());
  const onEvent = (event: EngineEvent): void => {
    events.push(event);
    if (terminal.json) terminal.printJson(event);
    else {
      // A preview tells what it found when it is done; until then, only what is worth a note.
      const isNote = plan !== undefined || event.diagnosticEvent !== undefined;
      if (isNote) terminal.print(progress.observe(event, Date.now()));
    }
  };
  const showStatus = (): void => {
    const now = Date.now();
    terminal.status(progress.status(now, terminal.width));
    if (plan && !terminal.hasStatus) terminal.print(progress.heartbeat(now, terminal.width));
  };
  const timer = setInterval(showStatus, STATUS_INTERVAL);
  try {
    await interruptible(
      (signal) =>
        stack.engine.run(operation, {
          preview: plan === undefined,
          ...(targets && { targets }),
          planFile,
          onEvent,
          signal,
        }),
      () => {
        terminal.note([
          line("Finishing what is in flight. Ctrl-C again stops at once.", "warning"),
        ]);
      },
    );
    return planOf(events);
  } catch (error) {
    terminal.endStatus();
    if (plan === undefined && operation !== "refresh")
      refuseProtected(planOf(events), stack, operation);
    throw explained(error, events, run);
  } finally {
    clearInterval(timer);
    terminal.endStatus();
  }
}

/** The error that ends the command, after naming each resource that failed. */
function explained(error: unknown, events: readonly EngineEvent[], run: EngineRun): unknown {
  const { terminal, operation, stack, plan } = run;
  // What the error itself says need not be said twice.
  const failures = failuresOf(events).filter(({ message }) => message !== messageOf(error));
  terminal.note(failureLines(failures, terminal.width));
  const interrupted = error instanceof TenantryError && error.code === "TNT-316";
  if (interrupted || !failures.some(({ urn }) => urn !== undefined)) return error;
  const done = plan ? doneLine(events) : "Nothing was changed.";
  return new TenantryError(
    "TNT-616",
    {
      operation: plan === undefined && operation === "up" ? "preview" : operation,
      done,
      stack: stack.name,
    },
    { cause: error },
  );
}

/** What was finished before a run failed. */
function doneLine(events: readonly EngineEvent[]): string {
  const finished = events.filter(({ resourcePreEvent }) => resourcePreEvent === undefined);
  const done = doneCounts(planOf(finished));
  return done === ""
    ? "Nothing was changed."
    : `Before that, ${done}; it is recorded, and the next run goes on from there.`;
}

/** What a run did, as in `1 created, 2 changed`; empty for nothing. */
export function doneCounts({ items }: Plan): string {
  const counts = countChanges(items);
  const done = [
    [counts.create, "created"],
    [counts.change, "changed"],
    [counts.replace, "replaced"],
    [counts.remove, "removed"],
  ] as const;
  const parts = done.filter(([number]) => number > 0).map(([number, verb]) => `${number} ${verb}`);
  return parts.join(", ");
}
