import type { EngineEvent } from "../../core/engine-event.ts";
import type { EngineKind } from "./choose-engine.ts";

export type Operation = "up" | "refresh" | "destroy";

export interface RunOptions {
  /** Only find out what would be done. */
  readonly preview: boolean;
  /** The URNs a refresh is limited to. Default: all. */
  readonly targets?: readonly string[];
  readonly onEvent: (event: EngineEvent) => void;
  /** Ends the run once what is in flight is done. */
  readonly signal: AbortSignal;
}

/** What runs the program of a stack and keeps its state. */
export interface Engine {
  readonly kind: EngineKind;
  /** @throws when anything failed; what did is in the events */
  run(operation: Operation, options: RunOptions): Promise<void>;
  /** The outputs of the stack with its secrets in clear; nothing while there was no `up`. */
  outputs(): Promise<Readonly<Record<string, unknown>> | undefined>;
}
