import type { DetailedDiff } from "./detailed-diff.ts";
import type { Properties } from "./values.ts";

/** One thing wrong with an input. `property` is a path such as `spec.id`. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** The inputs to go on with (defaults filled in), and what is wrong with them. */
export interface CheckResult {
  readonly inputs: Properties;
  readonly failures: readonly CheckFailure[];
}

export interface CheckRequest {
  readonly urn: string;
  readonly name: string;
  /** The checked inputs of the last run; empty for a new resource. */
  readonly olds: Properties;
  readonly news: Properties;
}

export interface DiffRequest {
  readonly id: string;
  readonly urn: string;
  readonly oldInputs: Properties;
  /** The outputs of the last run. */
  readonly olds: Properties;
  readonly news: Properties;
  readonly ignoreChanges: readonly string[];
}

export interface DiffResult {
  /** Empty: no change. */
  readonly detailedDiff: DetailedDiff;
  /** Top-level properties whose change needs a new resource. */
  readonly replaces?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
}

interface Operation {
  readonly urn: string;
  readonly name: string;
  /** Aborted when the run is cancelled or ends: stop waiting, but finish what cannot be left half done. */
  readonly signal: AbortSignal;
}

export interface CreateRequest extends Operation {
  readonly inputs: Properties;
  /** In a preview nothing may change; what cannot be known yet is answered as `UNKNOWN`. */
  readonly preview: boolean;
  /** Seconds; 0 means no limit was given. */
  readonly timeout: number;
}

export interface Created {
  /** Ignored in a preview. */
  readonly id: string;
  readonly outputs: Properties;
}

export interface ReadRequest extends Operation {
  readonly id: string;
  /** The last known inputs; empty when the resource is being imported. */
  readonly inputs: Properties;
  readonly outputs: Properties;
}

export interface ReadResult {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

export interface UpdateRequest extends Operation {
  readonly id: string;
  readonly oldInputs: Properties;
  /** The outputs of the last run. */
  readonly olds: Properties;
  readonly news: Properties;
  readonly preview: boolean;
  /** Seconds; 0 means no limit was given. */
  readonly timeout: number;
}

export interface DeleteRequest extends Operation {
  readonly id: string;
  readonly oldInputs: Properties;
  /** The outputs of the last run. */
  readonly olds: Properties;
  /** Seconds; 0 means no limit was given. */
  readonly timeout: number;
}

/**
 * What a plugin does with one type of resource. Every value comes plain: a secret without its mark, an unknown as
 * `UNKNOWN`. What came in secret goes back secret at the same place by itself; other outputs are marked with
 * `secret()`. Errors are thrown; `PartialFailure` when the resource exists but is not complete.
 */
export interface ResourceHandler {
  /** Pure validation, every problem at once. Without it everything is accepted. */
  check?(
    request: CheckRequest,
  ): readonly CheckFailure[] | CheckResult | Promise<readonly CheckFailure[] | CheckResult>;
  /** Without it, the old and new inputs are compared. */
  diff?(request: DiffRequest): DiffResult | Promise<DiffResult>;
  create(request: CreateRequest): Promise<Created>;
  /** The resource as it is now; undefined when it is gone. */
  read(request: ReadRequest): Promise<ReadResult | undefined>;
  update(request: UpdateRequest): Promise<Properties>;
  /** Succeeds when it is gone already: an engine may ask twice. */
  delete(request: DeleteRequest): Promise<void>;
}
