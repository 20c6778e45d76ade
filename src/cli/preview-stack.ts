import type { EngineEvent } from "../core/engine-event.ts";
import { messageOf, TenantryError } from "../core/errors.ts";
import { hasChanges, showPlan } from "./change-stack.ts";
import type { EngineChoice } from "./engine/choose-engine.ts";
import type { Operation } from "./engine/engine.ts";
import { openStack } from "./open-stack.ts";
import { failuresOf } from "./render/failures.ts";
import { failureMarkdown, reviewMarkdown } from "./review/markdown.ts";
import { pulumiDigest } from "./review/pulumi-digest.ts";
import { reviewOf } from "./review/review.ts";
import { Terminal } from "./terminal.ts";

export interface PreviewOptions {
  readonly stack: string;
  readonly engine: EngineChoice;
  readonly full?: true | undefined;
  readonly expectNoChanges?: true | undefined;
  readonly format: "text" | "markdown" | "json" | "pulumi";
  /** In characters. */
  readonly maxLength: number;
  readonly json?: true | undefined;
}

/**
 * Shows what an operation would do, in the form that is asked for. A failure is a result, too: Markdown says it.
 *
 * @throws {TenantryError} as {@link showPlan}; TNT-610 when there are changes and none were expected
 */
export async function previewStack(operation: Operation, options: PreviewOptions): Promise<void> {
  const { stack: name, engine, full, expectNoChanges, format, maxLength, json } = options;
  const terminal = new Terminal({ json, silent: format !== "text" });
  const events: EngineEvent[] = [];
  try {
    const stack = await openStack({ stack: name, engine });
    const plan = await showPlan({ stack, operation, terminal, full, events });
    const review = reviewOf(events);
    if (format === "markdown") terminal.printRaw(reviewMarkdown(name, review, maxLength));
    if (format === "json") terminal.printJson({ stack: name, ...review });
    if (format === "pulumi") terminal.printJson(pulumiDigest(events));
    if (!expectNoChanges || !hasChanges(plan)) return;
  } catch (error) {
    if (format === "markdown")
      terminal.printRaw(failureMarkdown(name, problemsOf(error, events), maxLength));
    // As the CLI does: what it found up to then, the errors among it.
    if (format === "pulumi") terminal.printJson(pulumiDigest(events));
    throw error;
  }
  throw new TenantryError("TNT-610", { changes: reviewOf(events).changes.length });
}

/** Each failed resource's message, and what ended the run. */
function problemsOf(error: unknown, events: readonly EngineEvent[]): string[] {
  const failures = failuresOf(events).map(({ title, message }) =>
    title === undefined ? message : `${title}: ${message}`,
  );
  return [...new Set([...failures, messageOf(error)])];
}
