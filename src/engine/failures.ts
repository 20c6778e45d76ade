import type { ServiceError } from "@grpc/grpc-js";
import { TenantryError, messageOf } from "../core/errors.ts";
import type { OperationResult } from "../core/engine-event.ts";
import type { Events } from "./events.ts";

/** Thrown when a run is over: why, is in its failures already. */
export class RunEnded extends Error {}

/** What went wrong in a run. After the first failure nothing new is begun. */
export class Failures {
  readonly #events: Events;
  readonly #onFirst: () => void;
  #first: TenantryError | undefined;
  #failed: { urn: string; message: string } | undefined;
  #count = 0;

  constructor(events: Events, onFirst: () => void = () => undefined) {
    this.#events = events;
    this.#onFirst = onFirst;
  }

  /** Whether the run is over: nothing new may be begun. */
  get any(): boolean {
    return this.#count > 0;
  }

  /** Whether all went well so far; only then may anything be deleted. */
  get isClean(): boolean {
    return this.#count === 0 && this.#first === undefined;
  }

  /** How the run ended, in the words of the Pulumi CLI. */
  get result(): OperationResult {
    if (this.#first?.code === "TNT-316") return "canceled";
    return this.isClean ? "succeeded" : "failed";
  }

  /** @param urn the resource that failed; empty when it was not about one */
  add(cause: unknown, urn = ""): void {
    if (cause instanceof RunEnded) return;
    const message = explain(cause);
    this.#events.diagnostic("error", message, urn);
    this.#count += 1;
    if (cause instanceof TenantryError) this.#first ??= cause;
    else this.#failed ??= { urn, message };
    if (this.#count === 1) this.#onFirst();
  }

  /** An error that the program or a plugin only reported: the run goes on, and fails in the end. */
  logged(message: string, urn: string): void {
    this.#events.diagnostic("error", message, urn);
    this.#first ??= new TenantryError("TNT-313", { reason: "failed" });
  }

  /** Somebody wants the run to end. */
  interrupt(): void {
    this.#first ??= new TenantryError("TNT-316", {});
    this.add(this.#first);
  }

  /** @throws the first error that explains all, or TNT-314 */
  throwIfAny(): void {
    if (this.#first) throw this.#first;
    if (this.#failed)
      throw new TenantryError("TNT-314", { ...this.#failed, more: this.#count - 1 });
  }
}

/** A plugin's answer says it in `details`, without the number of the status in front. */
function explain(cause: unknown): string {
  const { details } = cause as Partial<ServiceError>;
  return details === undefined || details === "" ? messageOf(cause) : details;
}
