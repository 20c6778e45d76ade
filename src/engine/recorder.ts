import type { PendingOperation, Resource } from "./resource.ts";
import type { SecretKeeper } from "./secret-keeper.ts";
import type { StateChange } from "./state-log.ts";
import type { StateWriter } from "./state-store.ts";

/** A change of the state in terms of resources. See {@link StateChange}. */
export interface ResourceChange {
  readonly put?: readonly Resource[];
  readonly place?: readonly Resource[];
  readonly drop?: readonly Resource[];
  /** What {@link Recorder.begin} gave. */
  readonly end?: number | undefined;
  readonly rename?: Readonly<Record<string, string>>;
  readonly settle?: readonly string[];
}

/** Records what a run does. A preview has no writer: then nothing is written, ever. */
export class Recorder {
  readonly #keeper: SecretKeeper;
  readonly #writer: StateWriter | undefined;
  #nextSlot: number;
  #nextOperation = 0;

  constructor(keeper: SecretKeeper, writer: StateWriter | undefined, firstSlot: number) {
    this.#keeper = keeper;
    this.#writer = writer;
    this.#nextSlot = firstSlot;
  }

  /** A place for a new resource. */
  newSlot(): number {
    return this.#nextSlot++;
  }

  /** On the disk before the operation begins: after a crash, somebody knows that it may have been done. */
  async begin(type: PendingOperation["type"], resource: Resource): Promise<number> {
    const operation = this.#nextOperation++;
    await this.#writer?.record({
      begin: { operation, type, resource: this.#keeper.seal(resource) },
    });
    return operation;
  }

  async record(change: ResourceChange): Promise<void> {
    if (this.#writer) await this.#writer.record(this.#translate(change));
  }

  /** For what is worth recording only with the next change. */
  note(change: ResourceChange): void {
    if (this.#writer) this.#writer.note(this.#translate(change));
  }

  #translate({ put, place, drop, end, ...rest }: ResourceChange): StateChange {
    return {
      ...(put && { put: put.map((resource) => [resource.slot, this.#keeper.seal(resource)]) }),
      ...(place && { place: place.map(({ slot }) => slot) }),
      ...(drop && { drop: drop.map(({ slot }) => slot) }),
      ...(end !== undefined && { end }),
      ...rest,
    };
  }
}
