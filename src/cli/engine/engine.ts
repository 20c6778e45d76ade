import type { EngineEvent } from "../../core/engine-event.ts";
import type { UrnParts } from "../../protocol/urn.ts";
import type { EngineKind } from "./choose-engine.ts";

export type Operation = "up" | "refresh" | "destroy";

export interface RunOptions {
  /** Only find out what would be done. */
  readonly preview: boolean;
  /** The URNs a refresh is limited to. Default: all. */
  readonly targets?: readonly string[];
  /**
   * A file that holds the plan: a preview writes it, and a run then refuses every step that is not in it. The local
   * engine has no such plans.
   */
  readonly planFile?: string | undefined;
  readonly onEvent: (event: EngineEvent) => void;
  /** Ends the run once what is in flight is done. */
  readonly signal: AbortSignal;
}

/** What runs the program of a stack and keeps its state. */
export interface Engine {
  readonly kind: EngineKind;
  /** @throws when anything failed; what did is in the events */
  run(operation: Operation, options: RunOptions): Promise<void>;
  /**
   * Lifts the protection of resources in the state.
   *
   * @returns the URNs of those that were protected
   */
  unprotect(isMeant: (resource: UrnParts) => boolean): Promise<readonly string[]>;
  /** The outputs of the stack with its secrets in clear; nothing while there was no `up`. */
  outputs(): Promise<Readonly<Record<string, unknown>> | undefined>;
}
