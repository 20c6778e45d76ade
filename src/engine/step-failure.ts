import { status } from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import type { StepOperation } from "../core/engine-event.ts";
import type { StepFacts } from "./events.ts";
import { RunEnded } from "./failures.ts";
import type { Run } from "./run.ts";

/** What is known of a resource after a step that failed, in the numbers of the Pulumi CLI. */
export const STATUS = { unchanged: 0, incomplete: 1, unknown: 2 } as const;

export type Status = (typeof STATUS)[keyof typeof STATUS];

/** Thrown for a resource that exists now but is not complete: recorded, and still a failure. */
export class IncompleteResource extends Error {
  constructor(reasons: readonly string[]) {
    super(reasons.join("\n"));
    this.name = "IncompleteResource";
  }
}

/** After these a plugin may have done a part of its work. */
const UNCERTAIN: ReadonlySet<unknown> = new Set([
  status.UNKNOWN,
  status.INTERNAL,
  status.DATA_LOSS,
]);

/** What is known of a resource after an error. Of one that was not made nothing is in the state that could be wrong. */
export function statusAfter(op: StepOperation, error: unknown): Status {
  if (error instanceof IncompleteResource) return STATUS.incomplete;
  const makes = op === "create" || op === "create-replacement";
  const isUncertain = UNCERTAIN.has((error as Partial<ServiceError>).code);
  return isUncertain && !makes ? STATUS.unknown : STATUS.unchanged;
}

/** Notes a step's failure, the error before the step, as the Pulumi CLI does. @returns what ends the run */
export function failStep({ events, failures }: Run, facts: StepFacts, error: unknown): RunEnded {
  failures.add(error, (facts.next ?? facts.old)?.urn);
  events.stepFailed(facts, statusAfter(facts.op, error));
  return new RunEnded();
}
