import type { Properties } from "../protocol/values.ts";

/** Seconds allowed for each kind of operation. */
export interface CustomTimeouts {
  readonly create?: number;
  readonly update?: number;
  readonly delete?: number;
}

/** What the state keeps of a resource besides its properties, named as in the checkpoint file. */
export interface ResourceFacts {
  readonly urn: string;
  readonly custom: boolean;
  /** An old copy that its replacement left to be deleted. */
  readonly delete?: boolean;
  /** Absent for components; empty when not known in a preview. */
  readonly id?: string;
  readonly type: string;
  readonly parent?: string;
  readonly protect?: boolean;
  readonly dependencies?: readonly string[];
  /** Why the resource exists but is not complete; the next run updates it even without a difference. */
  readonly initErrors?: readonly string[];
  readonly provider?: string;
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
  /** Deleted already; the replacement is still to be created. */
  readonly pendingReplacement?: boolean;
  readonly additionalSecretOutputs?: readonly string[];
  readonly customTimeouts?: CustomTimeouts;
  readonly retainOnDelete?: boolean;
  readonly deletedWith?: string;
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
  readonly created?: string;
  readonly modified?: string;
}

/** A resource as the checkpoint file holds it, its secrets encrypted. */
export interface StoredResource extends ResourceFacts {
  readonly inputs?: Properties;
  readonly outputs?: Properties;
}

/** A resource in the engine's hands, its secrets open. */
export interface Resource extends ResourceFacts {
  /** Its place in the state log: what tells two copies of one URN apart. */
  readonly slot: number;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** An operation that was begun: still there after a crash, when nobody knows whether it was done. */
export interface PendingOperation {
  readonly resource: StoredResource;
  readonly type: "creating" | "updating" | "deleting" | "reading" | "importing";
}

/** The URNs a resource needs to exist: parent, dependencies of every kind, provider. */
export function referencesOf(resource: ResourceFacts): string[] {
  const { parent, provider, deletedWith, dependencies = [], propertyDependencies = {} } = resource;
  return [
    ...(parent === undefined ? [] : [parent]),
    ...(provider === undefined ? [] : [provider.slice(0, provider.lastIndexOf("::"))]),
    ...(deletedWith === undefined ? [] : [deletedWith]),
    ...dependencies,
    ...Object.values(propertyDependencies).flatMap((urns) => urns ?? []),
  ];
}
