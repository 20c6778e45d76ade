/**
 * What an engine reports while it works, in the shape of the Pulumi CLI's own engine events (its `--json` and
 * `--event-log` streams; `automation/events` of @pulumi/pulumi), so that one renderer serves both engines.
 */

/** What a step does to a resource, in Pulumi's words. */
export type StepOperation =
  | "same"
  | "create"
  | "update"
  | "delete"
  | "replace"
  | "create-replacement"
  | "delete-replaced"
  | "read"
  | "read-replacement"
  | "refresh"
  | "discard"
  | "discard-replaced"
  | "remove-pending-replace"
  | "import"
  | "import-replacement";

/** How one property differs. */
export interface PropertyDifference {
  readonly diffKind:
    "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";
  /** The difference lies between the old and new inputs, rather than between the old outputs and the new inputs. */
  readonly inputDiff: boolean;
}

/**
 * One side (old or new) of a step. A secret is the SDK's object for secrets, with the ciphertext `[secret]`; what is not
 * known is the SDK's unknown value.
 */
export interface StepState {
  readonly type: string;
  readonly urn: string;
  readonly custom?: boolean;
  readonly delete?: boolean;
  readonly id: string;
  readonly parent: string;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly provider: string;
  readonly initErrors?: readonly string[];
}

/** One step of a plan or of its execution. */
export interface Step {
  readonly op: StepOperation;
  readonly urn: string;
  readonly type: string;
  readonly old?: StepState | null;
  readonly new?: StepState | null;
  /** Properties that make a replacement necessary. */
  readonly keys?: readonly string[];
  /** Top-level properties that differ. */
  readonly diffs?: readonly string[];
  /** Null when it is not known which properties differ. */
  readonly detailedDiff?: Readonly<Record<string, PropertyDifference>> | null;
  readonly logical?: boolean;
  readonly provider: string;
}

/** How an operation ended. */
export type OperationResult = "succeeded" | "failed" | "canceled";

/** An event; exactly one of the optional fields is there. */
export interface EngineEvent {
  readonly sequence: number;
  /** Seconds since 1970. */
  readonly timestamp: number;
  /** No more events will come. */
  readonly cancelEvent?: Readonly<Record<string, never>>;
  readonly preludeEvent?: { readonly config: Readonly<Record<string, string>> };
  readonly diagnosticEvent?: {
    readonly urn?: string;
    readonly prefix?: string;
    readonly message: string;
    readonly color: string;
    readonly severity: "debug" | "info" | "info#err" | "warning" | "error";
    readonly streamID?: number;
    readonly ephemeral?: boolean;
  };
  readonly resourcePreEvent?: { readonly metadata: Step; readonly planning?: boolean };
  readonly resOutputsEvent?: { readonly metadata: Step; readonly planning?: boolean };
  readonly resOpFailedEvent?: {
    readonly metadata: Step;
    readonly status: number;
    readonly steps: number;
  };
  readonly summaryEvent?: {
    readonly maybeCorrupt: boolean;
    readonly durationSeconds: number;
    readonly resourceChanges: Readonly<Partial<Record<StepOperation, number>>>;
    /** Name -> version; the local engine knows none. */
    readonly PolicyPacks?: Readonly<Record<string, string>>;
    readonly isPreview?: boolean;
    readonly result?: OperationResult;
  };
}
