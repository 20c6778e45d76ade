import type { StateContents } from "./checkpoint.ts";
import type { PendingOperation, ResourceFacts, StoredResource } from "./resource.ts";
import { parseProviderReference, providerReference } from "./urn.ts";

/**
 * One change of the state, as the journal keeps it. Resources are known by slot: those of the checkpoint have the
 * numbers 0 to n-1 in file order, later ones count on. A change is applied as a whole or not at all.
 */
export interface StateChange {
  /** Resources as they are from now on. */
  readonly put?: readonly (readonly [slot: number, resource: StoredResource])[];
  /** Slots whose place in the order is final: registered by this run, after all that they need. */
  readonly place?: readonly number[];
  readonly drop?: readonly number[];
  readonly begin?: { readonly operation: number } & PendingOperation;
  /** The number of the operation that ended. */
  readonly end?: number;
  /** Old URN -> new URN, from aliases. */
  readonly rename?: Readonly<Record<string, string>>;
  /** URNs whose creation an earlier run left open, and that are there now. */
  readonly settle?: readonly string[];
}

/** The state while it changes: the same code makes it from the engine's work and, after a crash, from the journal. */
export class StateLog {
  readonly #base: number;
  readonly #resources: Map<number, StoredResource>;
  readonly #placed = new Set<number>();
  readonly #operations = new Map<number, PendingOperation>();
  readonly #renamed = new Map<string, string>();
  #openCreates: readonly PendingOperation[];

  constructor({ resources, pending }: StateContents) {
    this.#base = resources.length;
    this.#resources = new Map(resources.entries());
    // Nobody but a person or the next successful create can say what became of an open create.
    this.#openCreates = pending.filter(({ type }) => type === "creating");
  }

  apply(change: StateChange): void {
    for (const [slot, resource] of change.put ?? []) this.#resources.set(slot, resource);
    for (const slot of change.place ?? []) this.#placed.add(slot);
    for (const slot of change.drop ?? []) this.#resources.delete(slot);
    if (change.begin) {
      const { operation, ...pending } = change.begin;
      this.#operations.set(operation, pending);
    }
    if (change.end !== undefined) this.#operations.delete(change.end);
    for (const [from, to] of Object.entries(change.rename ?? {})) this.#renamed.set(from, to);
    if (change.settle) {
      const settled = new Set(change.settle);
      this.#openCreates = this.#openCreates.filter(({ resource }) => !settled.has(resource.urn));
    }
  }

  /** What was begun since and has not ended. */
  get openOperations(): readonly PendingOperation[] {
    return [...this.#operations.values()];
  }

  /** The state as a checkpoint holds it: what this run registered in its order, then what is left of the last. */
  contents(): StateContents {
    const rest = Array.from({ length: this.#base }, (_, slot) => slot);
    const order = [...this.#placed, ...rest.filter((slot) => !this.#placed.has(slot))];
    const resources = order
      .map((slot) => this.#resources.get(slot))
      .filter((resource) => resource !== undefined);
    return {
      resources: this.#renamed.size === 0 ? resources : resources.map((it) => this.#rename(it)),
      pending: [...this.#openCreates, ...this.openOperations],
    };
  }

  #rename(resource: StoredResource): StoredResource {
    return renameReferences(resource, (urn) => this.#renamed.get(urn) ?? urn);
  }
}

/** The resource with every URN in it, its own too, exchanged. */
export function renameReferences<R extends ResourceFacts>(
  resource: R,
  rename: (urn: string) => string,
): R {
  const { parent, provider, deletedWith, dependencies, propertyDependencies } = resource;
  const at = provider === undefined ? undefined : parseProviderReference(provider);
  return {
    ...resource,
    urn: rename(resource.urn),
    ...(parent !== undefined && { parent: rename(parent) }),
    ...(at && { provider: providerReference(rename(at.urn), at.id) }),
    ...(deletedWith !== undefined && { deletedWith: rename(deletedWith) }),
    ...(dependencies && { dependencies: dependencies.map(rename) }),
    ...(propertyDependencies && {
      propertyDependencies: Object.fromEntries(
        Object.entries(propertyDependencies).map(([key, urns]) => [key, (urns ?? []).map(rename)]),
      ),
    }),
  };
}
