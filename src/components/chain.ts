import type * as pulumi from "@pulumi/pulumi";

/**
 * Lets each resource wait for the one before it. PostgreSQL answers `tuple concurrently updated` when two sessions
 * change the grants of one object, so cluster-level objects are made one after the other.
 */
export class Chain {
  #last: pulumi.Resource;

  constructor(first: pulumi.Resource) {
    this.#last = first;
  }

  /** The newest link: what comes after the whole chain depends on it. */
  get last(): pulumi.Resource {
    return this.#last;
  }

  /** Makes the next resource, with the options that tie it to the one before. */
  add<R extends pulumi.Resource>(make: (options: { dependsOn: pulumi.Resource }) => R): R {
    const resource = make({ dependsOn: this.#last });
    this.#last = resource;
    return resource;
  }
}
