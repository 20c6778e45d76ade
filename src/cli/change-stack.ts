import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TenantryError } from "../core/errors.ts";
import type { EngineEvent } from "../core/engine-event.ts";
import type { Operation } from "./engine/engine.ts";
import type { Stack } from "./open-stack.ts";
import { duration } from "../core/format.ts";
import { line } from "./render/line.ts";
import type { Line } from "./render/line.ts";
import { planLines } from "./render/plan-lines.ts";
import type { Plan } from "./render/plan.ts";
import { planDigest } from "./review/plan-digest.ts";
import { reviewOf } from "./review/review.ts";
import { requireServer } from "./probe-server.ts";
import { refuseEarly } from "./refuse-early.ts";
import { refuseLoss, refuseProtected } from "./refuse-protected.ts";
import { NOTHING_PLANNED, doneCounts, runEngine } from "./run-engine.ts";
import type { Terminal } from "./terminal.ts";

export interface ChangeOptions {
  readonly stack: Stack;
  readonly operation: Operation;
  readonly terminal: Terminal;
  /** Whether to go ahead without a question. */
  readonly yes?: boolean | undefined;
  /** Whether to go ahead without a plan, and so without a question. */
  readonly skipPreview?: boolean | undefined;
  readonly full?: boolean | undefined;
  /** The digest of the plan that was reviewed: any other one is refused. */
  readonly expectPlan?: string | undefined;
  /** Whether a refresh may record that something protected is gone. */
  readonly acceptLoss?: boolean | undefined;
  /** Where the events of the preview are kept. Default: nowhere. */
  readonly events?: EngineEvent[];
  /** See `RunOptions.planFile`. */
  readonly planFile?: string | undefined;
}

/** What came of it: nothing to do, not wanted, or done. */
export type ChangeResult = "unchanged" | "declined" | "changed";

const QUESTIONS: Readonly<Record<Operation, string>> = {
  up: "Make these changes?",
  refresh: "Record what was found?",
  destroy: "Destroy the stack and ALL its data?",
};

/** Which stack, and what is special about it. */
export function stackLines({ name, settings, engineReason }: Stack): Line[] {
  return [
    line(`Stack ${name}, target ${settings.target}, ${engineReason}`, "strong"),
    ...(settings.disposable
      ? [
          line(
            `Stack ${name} is disposable: nothing in it is protected from being dropped.`,
            "warning",
          ),
        ]
      : []),
  ];
}

/**
 * Finds out what an operation would do and shows it.
 *
 * @throws {TenantryError} as {@link runEngine}, {@link refuseProtected} and {@link refuseEarly}
 */
export async function showPlan(options: Omit<ChangeOptions, "yes">): Promise<Plan> {
  const { stack, operation, terminal, full, planFile, events = [] } = options;
  terminal.print(stackLines(stack));
  const plan = await runEngine({ stack, operation, terminal, events, planFile });
  terminal.print(planLines(plan, terminal.width, full));
  if (operation !== "refresh") refuseProtected(plan, stack, operation);
  if (operation === "up") await refuseEarly(events, stack);
  return plan;
}

function requirePlan(
  events: readonly EngineEvent[],
  { stack, expected }: { stack: string; expected: string },
): void {
  const { digest } = reviewOf(events);
  // A deployment that is repeated finds its plan carried out.
  if (digest === expected || digest === planDigest([])) return;
  throw new TenantryError("TNT-631", { stack, expected, digest });
}

/** Whether running the operation would change anything, the state included. */
export const hasChanges = (plan: Plan): boolean =>
  plan.stateOnly || plan.items.some(({ change }) => change !== "same");

/**
 * Shows what an operation would do, asks, and does it.
 *
 * @throws {TenantryError} as {@link runEngine}; TNT-617 when a refresh would record a loss; TNT-631 when it is another
 *   plan than the one that was reviewed; as {@link requireServer}
 */
export async function changeStack(options: ChangeOptions): Promise<ChangeResult> {
  if (options.skipPreview === true) return changeUnplanned(options);
  if (options.expectPlan === undefined || options.stack.engine.kind === "local")
    return planAndChange(options);
  const directory = await mkdtemp(join(tmpdir(), "tenantry-plan-"));
  try {
    return await planAndChange({ ...options, planFile: join(directory, "plan.json") });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function planAndChange(options: ChangeOptions): Promise<ChangeResult> {
  const { stack, operation, terminal, yes, expectPlan, acceptLoss, planFile } = options;
  const { events = [] } = options;
  const plan = await showPlan({ ...options, events });
  if (expectPlan !== undefined) requirePlan(events, { stack: stack.name, expected: expectPlan });
  if (!hasChanges(plan)) return "unchanged";
  if (operation === "refresh" && acceptLoss !== true) refuseLoss(plan, stack);
  // Not before: a plan that is refused has sent no password anywhere.
  if (operation === "up") await requireServer(stack, terminal);
  if (yes !== true && terminal.interactive && !(await terminal.ask(QUESTIONS[operation]))) {
    terminal.note([line("Nothing was changed.")]);
    return "declined";
  }
  const started = Date.now();
  await runEngine({ stack, operation, terminal, plan, planFile });
  terminal.print([line(`  ${operation} done in ${duration(Date.now() - started)}`, "strong")]);
  return "changed";
}

/** Half the time, for who has just seen the plan: what is protected is refused by the engine when it comes to it. */
async function changeUnplanned(options: ChangeOptions): Promise<ChangeResult> {
  const { stack, operation, terminal } = options;
  terminal.print(stackLines(stack));
  if (operation === "up") await requireServer(stack, terminal);
  const started = Date.now();
  const done = await runEngine({ stack, operation, terminal, plan: NOTHING_PLANNED });
  const took = duration(Date.now() - started);
  const result = hasChanges(done) ? "changed" : "unchanged";
  terminal.print([
    line(`  ${operation} done in ${took}: ${doneCounts(done) || "nothing to change"}`, "strong"),
  ]);
  return result;
}
