import type { Events } from "./events.ts";
import type { Failures } from "./failures.ts";
import type { OldState } from "./old-state.ts";
import type { Project } from "./project.ts";
import type { Providers } from "./providers.ts";
import type { Recorder } from "./recorder.ts";
import type { Semaphore } from "../core/semaphore.ts";

/** What the parts of one run of the engine share. */
export interface Run {
  readonly project: Project;
  readonly stack: string;
  /** Nothing may change, and values may be unknown. */
  readonly preview: boolean;
  readonly old: OldState;
  readonly recorder: Recorder;
  readonly providers: Providers;
  readonly events: Events;
  readonly failures: Failures;
  /** How many operations, and how many questions before them, are under way at once. */
  readonly slots: Semaphore;
  readonly questions: Semaphore;
}
