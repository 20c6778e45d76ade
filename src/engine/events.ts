import type {
  EngineEvent,
  OperationResult,
  Step,
  StepOperation,
  StepState,
} from "../core/engine-event.ts";
import {
  SECRET_SIGNATURE,
  SIGNATURE,
  contains,
  isObject,
  isSecret,
  mapProperties,
} from "../protocol/values.ts";
import type { Properties, Value } from "../protocol/values.ts";
import type { DiffAnswer } from "../protocol/diff-answer.ts";
import type { Resource } from "./resource.ts";
import { STATUS } from "./step-failure.ts";
import type { Status } from "./step-failure.ts";
import { isDefaultProvider } from "./urn.ts";

type Body = Omit<EngineEvent, "sequence" | "timestamp">;

/** What a step is about, before it is put into the words of an event. */
export interface StepFacts {
  readonly op: StepOperation;
  readonly old?: Resource | undefined;
  readonly next?: Resource | undefined;
  readonly diff?: DiffAnswer | undefined;
  /** Found by a refresh, and not wanted by the program. */
  readonly refreshed?: true;
}

/** Parts of a replacement: shown, but counted once, as `replace`. */
const PARTS: ReadonlySet<StepOperation> = new Set([
  "create-replacement",
  "delete-replaced",
  "discard-replaced",
  "remove-pending-replace",
]);

/** Reports what happens, in the shape and the order of the Pulumi CLI, and counts it. */
export class Events {
  readonly #report: (event: EngineEvent) => void;
  readonly #planning: boolean;
  readonly #started = Date.now();
  readonly #counts = new Map<StepOperation, number>();
  #sequence = 0;
  #maybeCorrupt = false;

  constructor(report: (event: EngineEvent) => void, planning: boolean) {
    this.#report = report;
    this.#planning = planning;
  }

  get counts(): Partial<Record<StepOperation, number>> {
    return Object.fromEntries(this.#counts);
  }

  prelude(config: Readonly<Record<string, string>>): void {
    this.#emit({ preludeEvent: { config } });
  }

  diagnostic(
    severity: NonNullable<EngineEvent["diagnosticEvent"]>["severity"],
    message: string,
    urn?: string,
  ): void {
    const about = urn === undefined || urn === "" ? {} : { urn };
    const prefix = severity.startsWith("info") ? {} : { prefix: `${severity}: ` };
    const line = message.endsWith("\n") ? message : `${message}\n`;
    this.#emit({
      diagnosticEvent: { ...about, ...prefix, message: line, color: "never", severity },
    });
  }

  stepStarted(facts: StepFacts): void {
    this.#emitStep(facts, (metadata) => ({ resourcePreEvent: { metadata, ...this.#phase() } }));
  }

  /** Counts the step too. The outputs of a component that was changed come later, with {@link outputs}. */
  stepDone(facts: StepFacts): void {
    const resource = facts.next ?? facts.old;
    if (!resource || isDefaultProvider(resource.urn)) return;
    if (!PARTS.has(facts.op)) this.count(facts.op);
    const comesLater = !resource.custom && facts.next && !facts.refreshed && !this.#planning;
    if (!comesLater) this.outputs(facts);
  }

  outputs(facts: StepFacts): void {
    this.#emitStep(facts, (metadata) => ({ resOutputsEvent: { metadata, ...this.#phase() } }));
  }

  /** A preview tells the error alone, as the CLI's does. */
  stepFailed(facts: StepFacts, status: Status): void {
    if (this.#planning) return;
    if (status === STATUS.unknown) this.#maybeCorrupt = true;
    const steps = [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
    this.#emitStep(facts, (metadata) => ({ resOpFailedEvent: { metadata, status, steps } }));
  }

  count(op: StepOperation): void {
    this.#counts.set(op, (this.#counts.get(op) ?? 0) + 1);
  }

  /** The last events: what was done, and that no more will come. */
  end(result: OperationResult): void {
    const durationSeconds = Math.ceil((Date.now() - this.#started) / 1000);
    this.#emit({
      summaryEvent: {
        maybeCorrupt: this.#maybeCorrupt,
        durationSeconds,
        resourceChanges: this.counts,
        PolicyPacks: {},
        isPreview: this.#planning,
        result,
      },
    });
    this.#emit({ cancelEvent: {} });
  }

  #phase(): { planning?: boolean } {
    return this.#planning ? { planning: true } : {};
  }

  #emitStep(facts: StepFacts, body: (metadata: Step) => Body): void {
    const resource = facts.next ?? facts.old;
    // Default providers are the engine's own; the CLI hides them too.
    if (resource && !isDefaultProvider(resource.urn)) this.#emit(body(describe(facts, resource)));
  }

  #emit(body: Body): void {
    const timestamp = Math.floor(Date.now() / 1000);
    this.#report({ sequence: this.#sequence++, timestamp, ...body });
  }
}

function describe({ op, old, next, diff, refreshed }: StepFacts, resource: Resource): Step {
  const { replaces = [], diffs = [], detailedDiff = null } = diff ?? {};
  return {
    op,
    urn: resource.urn,
    type: resource.type,
    old: old ? describeState(old) : null,
    new: next ? describeState(next) : null,
    ...(replaces.length > 0 && { keys: replaces }),
    ...(diffs.length > 0 && { diffs }),
    detailedDiff,
    ...(!PARTS.has(op) && !refreshed && { logical: true }),
    provider: resource.provider ?? "",
  };
}

function describeState(resource: Resource): StepState {
  const { urn, type, id = "", parent = "", provider = "", initErrors = [] } = resource;
  return {
    type,
    urn,
    ...(resource.custom && { custom: true }),
    ...(resource.delete && { delete: true }),
    id,
    parent,
    ...(resource.protect && { protect: true }),
    ...(resource.retainOnDelete && { retainOnDelete: true }),
    inputs: blind(resource.inputs),
    outputs: blind(resource.outputs),
    provider,
    ...(initErrors.length > 0 && { initErrors }),
  };
}

/** What the CLI shows of a secret in its events. */
const BLINDED: Value = { [SIGNATURE]: SECRET_SIGNATURE, ciphertext: "[secret]" };

const blind = (properties: Properties): Properties => replaceSecrets(properties, BLINDED);

/** The properties with `"[secret]"` in the place of each secret. */
export const hideSecrets = (properties: Properties): Properties =>
  replaceSecrets(properties, "[secret]");

function replaceSecrets(properties: Properties, mask: Value): Properties {
  const hide = (value: Value): Value => {
    if (isSecret(value)) return mask;
    if (Array.isArray(value)) return (value as readonly Value[]).map(hide);
    return isObject(value) ? mapProperties(value, hide) : value;
  };
  return contains(properties, isSecret) ? mapProperties(properties, hide) : properties;
}
