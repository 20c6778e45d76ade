import { availableParallelism } from "node:os";
import type { EngineEvent, StepOperation } from "../core/engine-event.ts";
import { TenantryError } from "../core/errors.ts";
import type { Properties } from "../protocol/values.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { Events } from "./events.ts";
import { Passphrase } from "./passphrase.ts";
import { readProject } from "./project.ts";
import type { Project } from "./project.ts";
import { StateWriter, foldLeftover, loadState } from "./state-store.ts";
import type { LoadedState } from "./state-store.ts";
import { withLock } from "./with-lock.ts";

export interface EngineOptions {
  /** The project's folder, with `Pulumi.yaml`. */
  readonly root: string;
  readonly stack: string;
  /** The directory of the `file://` backend. */
  readonly backend: string;
  readonly passphrase: string;
  /** The stack file's `config:` as written, `{secure: "v1:..."}` values included. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The stack file's `encryptionsalt`. */
  readonly encryptionSalt?: string;
  /** How many operations may run at once. @default four for each processor */
  readonly parallel?: number;
  readonly onEvent: (event: EngineEvent) => void;
  /** Aborted: nothing new is begun, what is under way is finished and recorded. */
  readonly signal?: AbortSignal;
}

export interface Outcome {
  /** How many resources were, or in a preview would be, dealt with in each way. */
  readonly changes: Partial<Record<StepOperation, number>>;
  /** What the program exported; secrets read `"[secret]"`. */
  readonly outputs: Properties;
}

/** A stack that is opened for one operation. */
export interface Session {
  readonly options: EngineOptions;
  readonly project: Project;
  readonly parallel: number;
  readonly preview: boolean;
  readonly events: Events;
  readonly checkpoint: Checkpoint;
  /** Derives the key; takes 0.3 s the first time. */
  readonly passphrase: Promise<Passphrase>;
  /** Only when something may be written. */
  openWriter(): Promise<StateWriter | undefined>;
}

/**
 * Opens a stack, runs an operation on it, and closes it again, whatever happened. A preview takes no lock and
 * writes nothing.
 *
 * @throws TNT-320, TNT-321, TNT-302 to TNT-307, TNT-312, TNT-316, and what the operation throws
 */
export async function withSession<T>(
  options: EngineOptions,
  preview: boolean,
  operate: (session: Session) => Promise<T>,
): Promise<T> {
  if (options.signal?.aborted) throw new TenantryError("TNT-316", {});
  const project = await readProject(options.root);
  const { backend, stack, onEvent, parallel = 4 * availableParallelism() } = options;
  const location = { backend, project: project.name, stack };
  const events = new Events(onEvent, preview);
  const session = (state: LoadedState, keep?: (writer: StateWriter) => void): Session => {
    const passphrase = openPassphrase(options, state.checkpoint);
    // Whoever needs it sees its failure; it must not count as unhandled before.
    passphrase.catch(() => undefined);
    const openWriter = async (): Promise<StateWriter | undefined> => {
      if (!keep) return undefined;
      const writer = await StateWriter.open(location, state, (await passphrase).salt);
      keep(writer);
      return writer;
    };
    const { checkpoint } = state;
    return { options, project, preview, parallel, events, checkpoint, passphrase, openWriter };
  };
  if (preview) return await operate(session(await loadState(location)));
  const warn = (message: string): void => {
    events.diagnostic("warning", message);
  };
  return await withLock(location, warn, async () => {
    const state = await foldLeftover(location, await loadState(location));
    let writer: StateWriter | undefined;
    let isClean = false;
    try {
      const outcome = await operate(session(state, (opened) => (writer = opened)));
      isClean = true;
      return outcome;
    } finally {
      await writer?.close(isClean);
    }
  });
}

function openPassphrase(options: EngineOptions, { salt }: Checkpoint): Promise<Passphrase> {
  const known = salt ?? options.encryptionSalt;
  return known === undefined
    ? Passphrase.create(options.passphrase)
    : Passphrase.open(options.passphrase, known);
}
