import type { EngineEvent, Step, StepState } from "../../core/engine-event.ts";
import { isSecret } from "../../protocol/values.ts";
import type { Value } from "../../protocol/values.ts";

/** One side of a step, as the CLI's digest shows a resource of the state; what is empty is left out. */
export type DigestState = Readonly<Record<string, unknown>> & {
  readonly urn: string;
  readonly custom: boolean;
  readonly type: string;
};

/** A step of a {@link PreviewDigest}. */
export interface DigestStep {
  readonly op: Step["op"];
  readonly urn: string;
  readonly provider?: string;
  readonly oldState?: DigestState;
  readonly newState?: DigestState;
  /** Top-level properties that differ. */
  readonly diffReasons?: readonly string[];
  /** Properties that make a replacement necessary. */
  readonly replaceReasons?: readonly string[];
  readonly detailedDiff: Readonly<Record<string, { kind: string; inputDiff: boolean }>> | null;
}

/** What `pulumi preview --json` prints: `PreviewDigest` in pkg/display/json.go of pulumi/pulumi. */
export interface PreviewDigest {
  readonly config?: Readonly<Record<string, string>>;
  readonly steps?: readonly DigestStep[];
  readonly diagnostics?: readonly { urn?: string; message: string; severity: string }[];
  /** Nanoseconds, here in whole seconds. */
  readonly duration?: number;
  readonly changeSummary?: Readonly<Record<string, number>>;
  readonly maybeCorrupt?: boolean;
}

const ROOT = "pulumi:pulumi:Stack";

/** The parts of a replacement; the digest shows it once, as `replace`. */
const PARTS: ReadonlySet<Step["op"]> = new Set([
  "create-replacement",
  "delete-replaced",
  "discard-replaced",
  "read-replacement",
  "import-replacement",
]);

/**
 * The digest that the Pulumi CLI would print of a preview, from the preview's events. They do not tell what a resource
 * depends on, nor when it was made: the sides of a step lack `dependencies`, `propertyDependencies`, `created`,
 * `modified` and what else is of the state alone.
 */
export function pulumiDigest(events: readonly EngineEvent[]): PreviewDigest {
  const config = events.find(({ preludeEvent }) => preludeEvent)?.preludeEvent?.config;
  const summary = events.find(({ summaryEvent }) => summaryEvent)?.summaryEvent;
  const outputs = new Map(
    events.flatMap(({ resOutputsEvent: it }) => (it ? [[it.metadata.urn, it.metadata]] : [])),
  );
  const steps = events
    .flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? [])
    .filter(isShown)
    .map((step) => digestStep(refreshed(step, outputs.get(step.urn))));
  const diagnostics = events.flatMap(({ diagnosticEvent: said }) => {
    if (!said || said.ephemeral === true || said.severity === "debug") return [];
    const { urn, prefix = "", message, severity } = said;
    return [{ ...(urn !== undefined && { urn }), message: prefix + message, severity }];
  });
  const { durationSeconds = 0, resourceChanges = {}, maybeCorrupt = false } = summary ?? {};
  return filled({
    config,
    steps,
    diagnostics,
    duration: durationSeconds * 1_000_000_000,
    changeSummary: resourceChanges,
    maybeCorrupt,
  });
}

/** The CLI leaves out what stays as it is, unless its protection changes. */
function isShown({ op, type, old, new: next }: Step): boolean {
  if (type === ROOT) return true;
  if (op === "same") return (old?.protect ?? false) !== (next?.protect ?? false);
  return !PARTS.has(op);
}

/** What a refresh found, which only its outputs tell. */
function refreshed(step: Step, found: Step | undefined): Step {
  if (step.op !== "refresh") return step;
  const differs = found?.op === "delete" || (found?.op === "update" && found.detailedDiff);
  return differs ? found : step;
}

function digestStep({
  op,
  urn,
  provider,
  old,
  new: next,
  diffs,
  keys,
  detailedDiff,
}: Step): DigestStep {
  const differences = Object.entries(detailedDiff ?? {}).map(
    ([path, { diffKind, inputDiff }]) => [path, { kind: diffKind, inputDiff }] as const,
  );
  return {
    op,
    urn,
    ...filled({ provider, oldState: digestState(old), newState: digestState(next) }),
    ...filled({ diffReasons: diffs, replaceReasons: keys }),
    detailedDiff: detailedDiff ? Object.fromEntries(differences) : null,
  };
}

function digestState(state: StepState | null | undefined): DigestState | undefined {
  if (!state) return undefined;
  const { urn, type, custom = false, inputs, outputs, ...rest } = state;
  const sides = { inputs: unmarked(inputs as Value), outputs: unmarked(outputs as Value) };
  return { urn, custom, type, ...filled({ ...rest, ...sides }) };
}

/** Values with the text `[secret]` in the place of each secret. */
function unmarked(value: Value): Value {
  if (isSecret(value)) return "[secret]";
  if (Array.isArray(value)) return (value as readonly Value[]).map(unmarked);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, unmarked(inner ?? null)]);
  return Object.fromEntries(entries) as Value;
}

/** The fields that say something, as Go's `omitempty` has it. */
function filled<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]?: NonNullable<Fields[Key]> } {
  const isEmpty = (value: unknown): boolean =>
    value === undefined ||
    value === null ||
    value === "" ||
    value === 0 ||
    value === false ||
    (typeof value === "object" && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value))) as {
    [Key in keyof Fields]?: NonNullable<Fields[Key]>;
  };
}
