import type { Resource } from "./resource.ts";

/** The last run's state, and what is left of it while this run goes over its resources. */
export class OldState {
  readonly #remaining: Map<number, Resource>;
  readonly #living: Map<string, Resource>;

  constructor(resources: readonly Resource[]) {
    this.#remaining = new Map(resources.map((resource) => [resource.slot, resource]));
    const living = resources.filter((resource) => resource.delete !== true);
    this.#living = new Map(living.map((resource) => [resource.urn, resource]));
  }

  /** What this run has not gone over, in file order: each after what it needs. */
  get remaining(): Resource[] {
    return [...this.#remaining.values()];
  }

  /** The living copy of a resource, whether this run has gone over it or not. */
  find(urn: string): Resource | undefined {
    return this.#living.get(urn);
  }

  /** Takes a resource's new facts, at its old place. */
  update(resource: Resource): void {
    this.#remaining.set(resource.slot, resource);
    if (this.#living.get(resource.urn)?.slot === resource.slot)
      this.#living.set(resource.urn, resource);
  }

  remove(resource: Resource): void {
    this.#remaining.delete(resource.slot);
  }
}
