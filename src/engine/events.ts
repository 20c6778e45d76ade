import type { EngineEvent, Step, StepOperation, StepState } from "../core/engine-event.ts";
import { contains, isObject, isSecret, mapProperties } from "../protocol/values.ts";
import type { Properties, Value } from "../protocol/values.ts";
import type { DiffAnswer } from "../protocol/diff-answer.ts";
import type { Resource } from "./resource.ts";
import { isDefaultProvider } from "./urn.ts";

type Body = Omit<EngineEvent, "sequence" | "timestamp">;

/** What a step is about, before it is put into the words of an event. */
export interface StepFacts {
  readonly op: StepOperation;
  readonly old?: Resource | undefined;
  readonly next?: Resource | undefined;
  readonly diff?: DiffAnswer | undefined;
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
    this.#emit({ diagnosticEvent: { ...about, message, color: "never", severity } });
  }

  stepStarted(facts: StepFacts): void {
    this.#emitStep(facts, (metadata) => ({ resourcePreEvent: { metadata, ...this.#phase() } }));
  }

  /** Counts the step too. A component's outputs come later, with {@link outputs}. */
  stepDone(facts: StepFacts): void {
    const resource = facts.next ?? facts.old;
    if (!resource || isDefaultProvider(resource.urn)) return;
    if (!PARTS.has(facts.op)) this.count(facts.op);
    if (resource.custom || !facts.next) this.outputs(facts);
  }

  outputs(facts: StepFacts): void {
    this.#emitStep(facts, (metadata) => ({ resOutputsEvent: { metadata, ...this.#phase() } }));
  }

  stepFailed(facts: StepFacts): void {
    this.#emitStep(facts, (metadata) => ({
      resOpFailedEvent: { metadata, status: 0, steps: 0 },
    }));
  }

  count(op: StepOperation): void {
    this.#counts.set(op, (this.#counts.get(op) ?? 0) + 1);
  }

  cancelled(): void {
    this.#emit({ cancelEvent: {} });
  }

  /** Always the last event. */
  summary(maybeCorrupt: boolean): void {
    const durationSeconds = Math.round((Date.now() - this.#started) / 1000);
    this.#emit({ summaryEvent: { maybeCorrupt, durationSeconds, resourceChanges: this.counts } });
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

function describe({ op, old, next, diff }: StepFacts, resource: Resource): Step {
  return {
    op,
    urn: resource.urn,
    type: resource.type,
    provider: resource.provider ?? "",
    logical: !PARTS.has(op),
    ...(old && { old: describeState(old) }),
    ...(next && { new: describeState(next) }),
    ...(diff && {
      keys: diff.replaces,
      diffs: diff.diffs,
      ...(diff.detailedDiff && { detailedDiff: diff.detailedDiff }),
    }),
  };
}

function describeState(resource: Resource): StepState {
  const { urn, type, custom, id = "", parent = "", provider = "", initErrors } = resource;
  return {
    urn,
    type,
    custom,
    id,
    parent,
    provider,
    inputs: hideSecrets(resource.inputs),
    outputs: hideSecrets(resource.outputs),
    ...(resource.delete && { delete: true }),
    ...(resource.protect && { protect: true }),
    ...(initErrors && { initErrors }),
  };
}

/** The properties with `"[secret]"` in the place of each secret. */
export function hideSecrets(properties: Properties): Properties {
  return contains(properties, isSecret) ? mapProperties(properties, hide) : properties;
}

function hide(value: Value): Value {
  if (isSecret(value)) return "[secret]";
  if (Array.isArray(value)) return (value as readonly Value[]).map(hide);
  return isObject(value) ? mapProperties(value, hide) : value;
}
